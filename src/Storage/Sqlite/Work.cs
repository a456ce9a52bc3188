using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Sqlite;

/// <summary>Something the writer does within a commit that many share, answered when the commit is on the disk.</summary>
internal abstract class Work
{
    /// <summary>Does its part of the commit. Throws only when the database fails.</summary>
    public abstract void Apply(WriteBatch batch);

    /// <summary>The commit is on the disk.</summary>
    public abstract void Complete();

    /// <summary>The commit failed, or there was none.</summary>
    public abstract void Fail(StorageUnavailableException reason);
}

/// <summary>A piece of work with an answer.</summary>
internal abstract class Work<T> : Work
{
    // The caller's next steps must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _done.Task;

    protected T? Result { get; set; }

    public override void Complete() => _done.TrySetResult(Result!);

    public override void Fail(StorageUnavailableException reason) => _done.TrySetException(reason);
}

/// <summary>An append, checked and encoded on the caller's thread.</summary>
internal sealed class AppendWork : Work<AppendResult>
{
    private readonly CustomerKey _customer;
    private readonly long _expectedSequence;
    private readonly Entry[] _entries;

    public AppendWork(CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events)
    {
        _customer = customer;
        _expectedSequence = expectedSequence;
        _entries = new Entry[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            _entries[i] = new(MessageKey.HashOf(events[i].Event.MessageId), EventCodec.Write(events[i]));
        }
    }

    public override void Apply(WriteBatch batch)
    {
        var head = batch.FindHead(_customer.Value);
        if ((head?.LastSequence ?? 0) != _expectedSequence)
        {
            Result = new AppendResult.SequenceConflict(head?.LastSequence ?? 0);
            return;
        }

        var known = head is { LastSequence: > 0 } ? KnownOf(batch, head.CustomerId) : [];
        if (!known.IsEmpty)
        {
            Result = new AppendResult.KnownMessages(known);
            return;
        }

        head ??= batch.AddCustomer(_customer);
        foreach (var (hash, payload) in _entries)
        {
            head = batch.AppendEvent(head, hash, payload);
        }

        batch.Touch(head);
        Result = AppendResult.Done;
    }

    private ImmutableArray<KnownMessage> KnownOf(WriteBatch batch, long customerId)
    {
        List<KnownMessage>? known = null;
        foreach (var (hash, _) in _entries)
        {
            if (batch.FindMessage(new(customerId, hash)) is { } message)
            {
                (known ??= []).Add(message);
            }
        }

        return known is null ? [] : [.. known];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(UInt128 Hash, byte[] Payload);
}

/// <summary>A snapshot to keep. Answers whether the log has come as far as the state.</summary>
internal sealed class SnapshotWork(CustomerKey customer, CustomerState state) : Work<bool>
{
    private readonly byte[] _payload = SnapshotCodec.Write(state);

    public override void Apply(WriteBatch batch)
    {
        Result = batch.FindHead(customer.Value) is { } head && head.LastSequence >= state.Sequence;
        if (Result)
        {
            batch.PutSnapshot(customer.Value, state.Sequence, _payload);
        }
    }
}

/// <summary>A strategy to publish. Answers the version it has.</summary>
internal sealed class PublishWork(StoredStrategy strategy) : Work<StoredStrategy>
{
    public override void Apply(WriteBatch batch)
    {
        var latest = StrategyRows.Read(batch.Prepared(Sql.ReadLatestStrategy).Bind(1, strategy.Tenant).Bind(2, 0L), strategy.Tenant);
        if (latest is not null && latest.Hash == strategy.Hash)
        {
            Result = latest;
            return;
        }

        Result = strategy with { Version = (latest?.Version ?? 0) + 1 };
        StrategyRows.Insert(batch.Prepared(Sql.InsertStrategy), Result);
    }
}
