using System.Threading.Channels;

namespace Decisioning.Storage.Commits;

/// <summary>
/// What waits for the writer: work that someone waits for, and decisions that nobody waits for. Both bounded. Decisions alone
/// wait a moment for company, so that a trickle of them does not cost a sync each.
/// </summary>
internal sealed class WorkQueue<TBatch> : IDisposable
{
    /// <summary>How long a decision may wait for the commit that takes it along: at most so much of them is lost with the process. 50 commits a second at most are theirs alone.</summary>
    public static readonly TimeSpan DecisionDelay = TimeSpan.FromMilliseconds(20);

    private readonly Channel<Work<TBatch>> _work;
    private readonly Channel<QueuedDecision> _decisions;
    private readonly TimeSpan _waitMax;
    private readonly int _workMax;
    private readonly ManualResetEventSlim _any = new(initialState: false, spinCount: 0);
    private readonly ManualResetEventSlim _urgent = new(initialState: false, spinCount: 0);

    /// <param name="options">What may wait, for all queues of the store together.</param>
    /// <param name="queues">How many queues the store has.</param>
    public WorkQueue(StorageOptions options, int queues)
    {
        _waitMax = options.AppendWaitMax;
        _workMax = Math.Max(1, options.AppendQueueMax / queues);
        _work = Channel.CreateBounded<Work<TBatch>>(new BoundedChannelOptions(_workMax) { SingleReader = true });
        _decisions = Channel.CreateBounded<QueuedDecision>(new BoundedChannelOptions(Math.Max(1, options.DecisionQueueMax / queues)) { SingleReader = true });
    }

    public int WorkWaiting => _work.Reader.Count;

    public double Fullness => (double)WorkWaiting / _workMax;

    public int DecisionsWaiting => _decisions.Reader.Count;

    public bool IsEmpty => WorkWaiting == 0 && DecisionsWaiting == 0;

    /// <summary>Puts work into the queue, waiting for a place if need be.</summary>
    /// <returns>False when there was no place for as long as one may wait.</returns>
    /// <exception cref="ChannelClosedException">The store is closed.</exception>
    public ValueTask<bool> EnqueueAsync(Work<TBatch> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_work.Writer.TryWrite(work))
        {
            return WaitAsync(work, cancellationToken);
        }

        Wake(urgent: true);
        return new(true);
    }

    public bool TryEnqueue(QueuedDecision decision)
    {
        var taken = _decisions.Writer.TryWrite(decision);
        if (taken)
        {
            Wake(urgent: false);
        }

        return taken;
    }

    /// <summary>Waits until there is something to take. The writer's thread.</summary>
    public void WaitForWork()
    {
        _any.Wait();
        _any.Reset();
        if (WorkWaiting == 0 && DecisionsWaiting > 0)
        {
            _urgent.Wait(DecisionDelay);
        }

        _urgent.Reset();
    }

    public bool TryTake(out Work<TBatch> work) => _work.Reader.TryRead(out work!);

    public bool TryTake(out QueuedDecision decision) => _decisions.Reader.TryRead(out decision);

    /// <summary>Takes nothing more.</summary>
    public void Close()
    {
        _work.Writer.TryComplete();
        _decisions.Writer.TryComplete();
    }

    /// <summary>Wakes the writer.</summary>
    public void Wake(bool urgent)
    {
        // The flags are read first: setting one that is set costs far more than looking.
        if (urgent && !_urgent.IsSet)
        {
            _urgent.Set();
        }

        if (!_any.IsSet)
        {
            _any.Set();
        }
    }

    public void Dispose()
    {
        _any.Dispose();
        _urgent.Dispose();
    }

    private async ValueTask<bool> WaitAsync(Work<TBatch> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_waitMax);
        try
        {
            await _work.Writer.WriteAsync(work, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        Wake(urgent: true);
        return true;
    }
}
