using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;
using Google.Protobuf;

namespace Decisioning.Storage.Sqlite;

/// <summary>An append, checked and encoded on the caller's thread.</summary>
internal sealed class AppendWork : Work<WriteBatch, AppendResult>
{
    private readonly CustomerKey _customer;
    private readonly long _expectedSequence;
    private readonly Entry[] _entries;
    private readonly DateTimeOffset? _dueAt;

    public AppendWork(CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt)
    {
        _customer = customer;
        _dueAt = dueAt;
        _expectedSequence = expectedSequence;
        _entries = new Entry[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            _entries[i] = new(events[i].Event.MessageId, MessageHash.Of(events[i].Event.MessageId), EventCodec.Write(customer.Value, events[i]));
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

        ImmutableArray<KnownMessage> known;
        try
        {
            known = head is { LastSequence: > 0 } ? KnownOf(batch, head) : [];
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            Problem = FindWork.Damaged(_customer, e);
            return;
        }

        if (!known.IsEmpty)
        {
            Result = new AppendResult.KnownMessages(known);
            return;
        }

        var number = head?.CustomerId ?? batch.AddCustomer(_customer);
        var (sequence, last) = (_expectedSequence, head?.LastEvent ?? 0);
        foreach (var (_, hash, payload) in _entries)
        {
            last = batch.AppendEvent(number, ++sequence, last, hash, payload);
        }

        if (_dueAt is { } dueAt)
        {
            batch.PutDue(number, dueAt);
        }

        batch.Touch(new(_customer.Value, number, sequence, last, head?.LastDecision ?? 0, head?.OpenUntil ?? 0));
        Result = AppendResult.Done;
    }

    private ImmutableArray<KnownMessage> KnownOf(WriteBatch batch, CustomerHead head)
    {
        List<KnownMessage>? known = null;
        foreach (var (id, hash, _) in _entries)
        {
            if (batch.FindMessage(head, hash) is { } message)
            {
                (known ??= []).Add(new(id, message.Sequence, message.ContentHash));
            }
        }

        return known is null ? [] : [.. known];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(string MessageId, UInt128 Hash, byte[] Payload);
}

/// <summary>A question which of some message ids a customer's log holds. Changes nothing.</summary>
internal sealed class FindWork(CustomerKey customer, ImmutableArray<string> messageIds) : Work<WriteBatch, ImmutableArray<KnownMessage>>
{
    /// <summary>A damaged row is its customer's trouble alone.</summary>
    public static StorageUnavailableException Damaged(CustomerKey customer, Exception e) => new($"the log of customer `{customer.Mark}` cannot be read: {e.Message}", e);

    public override void Apply(WriteBatch batch)
    {
        Result = [];
        if (batch.FindHead(customer.Value) is not { LastSequence: > 0 } head)
        {
            return;
        }

        var known = ImmutableArray.CreateBuilder<KnownMessage>();
        try
        {
            foreach (var id in messageIds)
            {
                if (batch.FindMessage(head, MessageHash.Of(id)) is { } message)
                {
                    known.Add(new(id, message.Sequence, message.ContentHash));
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            Problem = Damaged(customer, e);
        }

        Result = known.DrainToImmutable();
    }
}

/// <summary>A snapshot to keep. Answers whether the log has come as far as the state.</summary>
internal sealed class SnapshotWork(CustomerKey customer, CustomerState state) : Work<WriteBatch, bool>
{
    private readonly byte[] _payload = SnapshotCodec.Write(customer.Value, state);

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
internal sealed class PublishWork(StoredStrategy strategy) : Work<WriteBatch, StoredStrategy>
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
