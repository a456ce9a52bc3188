using System.Diagnostics;

namespace Decisioning.Storage.Commits;

/// <summary>Something a writer does within a commit that many share, answered when the commit is on the disk.</summary>
/// <typeparam name="TBatch">The transaction as the pieces of work see it.</typeparam>
internal abstract class Work<TBatch>
{
    /// <summary>What it is done for, where that is traced.</summary>
    public Activity? AskedBy { get; } = CommitSpan.Asking();

    /// <summary>Does its part of the commit. Throws only when the database fails.</summary>
    public abstract void Apply(TBatch batch);

    /// <summary>The commit is on the disk. The caller's next steps may run within: never on the writer's thread.</summary>
    public abstract void Complete();

    /// <summary>The commit failed, or there was none. So for the caller's next steps.</summary>
    public abstract void Fail(StorageUnavailableException reason);
}

/// <summary>A piece of work with an answer.</summary>
internal abstract class Work<TBatch, TAnswer> : Work<TBatch>
{
    private readonly TaskCompletionSource<TAnswer> _done = new();

    public Task<TAnswer> Answer => _done.Task;

    protected TAnswer? Result { get; set; }

    /// <summary>Why there is no answer, when that is nobody else's trouble; the others of the commit go on.</summary>
    protected StorageUnavailableException? Problem { get; set; }

    public override void Complete()
    {
        if (Problem is null)
        {
            _done.TrySetResult(Result!);
        }
        else
        {
            Fail(Problem);
        }
    }

    public override void Fail(StorageUnavailableException reason) => _done.TrySetException(reason);
}
