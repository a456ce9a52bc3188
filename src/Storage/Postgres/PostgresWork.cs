using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;
using Google.Protobuf;

namespace Decisioning.Storage.Postgres;

/// <summary>What a writer's pieces of work ask of one commit, by kind.</summary>
internal sealed class PostgresBatch
{
    public List<PostgresAppend> Appends { get; private set; } = [];

    public List<PostgresSnapshot> Snapshots { get; private set; } = [];

    public List<PostgresSettle> Settles { get; private set; } = [];

    public bool IsEmpty => Appends.Count == 0 && Snapshots.Count == 0 && Settles.Count == 0;

    /// <summary>Takes what one transaction may hold: of each kind one piece for each customer, in the order they came.</summary>
    public PostgresBatch Take()
    {
        var taken = new PostgresBatch();
        (taken.Appends, Appends) = Split(Appends);
        (taken.Snapshots, Snapshots) = Split(Snapshots);
        (taken.Settles, Settles) = Split(Settles);
        return taken;
    }

    private static (List<T> First, List<T> Others) Split<T>(List<T> work)
        where T : IOfCustomer
    {
        var seen = new HashSet<string>(work.Count, StringComparer.Ordinal);
        List<T>? others = null;
        var first = new List<T>(work.Count);
        foreach (var piece in work)
        {
            (seen.Add(piece.Key) ? first : others ??= []).Add(piece);
        }

        return (first, others ?? []);
    }
}

/// <summary>Something of one customer.</summary>
internal interface IOfCustomer
{
    /// <summary>The customer's key as stored.</summary>
    string Key { get; }

    /// <summary>The customer; null while it is not known, or when it was never heard of.</summary>
    KnownCustomer? Known { get; set; }
}

/// <summary>An append, checked and encoded on the caller's thread.</summary>
internal sealed class PostgresAppend : Work<PostgresBatch, AppendResult>, IOfCustomer
{
    private readonly CustomerKey _customer;
    private readonly ImmutableArray<RecordedEvent> _events;

    public PostgresAppend(CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt)
    {
        _customer = customer;
        Key = StoredKey.Write(customer.Value);
        ExpectedSequence = expectedSequence;
        DueAt = dueAt;
        _events = events;
        Rows = new Row[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            Rows[i] = new(HashOf(events[i].Event.MessageId), EventCodec.Write(customer.Value, events[i]));
        }
    }

    public string Key { get; }

    public KnownCustomer? Known { get; set; }

    public long ExpectedSequence { get; }

    public DateTimeOffset? DueAt { get; }

    public Row[] Rows { get; }

    /// <summary>A message id as the table has it.</summary>
    public static Guid HashOf(string messageId)
    {
        Span<byte> hash = stackalloc byte[MessageHash.Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(hash, MessageHash.Of(messageId));
        return new(hash, bigEndian: true);
    }

    public override void Apply(PostgresBatch batch) => batch.Appends.Add(this);

    public void Appended() => Result = AppendResult.Done;

    public void Conflicts(long actualSequence) => Result = new AppendResult.SequenceConflict(actualSequence);

    /// <summary>Some of its messages are in the log; by their place in <see cref="Rows"/>.</summary>
    public void Knows(IEnumerable<(int Place, byte[] Payload)> messages)
    {
        try
        {
            Result = new AppendResult.KnownMessages([.. messages.Select(message => Message(message.Place, EventCodec.ReadKnown(_customer.Value, message.Payload).Known))]);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            Problem = new StorageUnavailableException($"nothing was written: what the log of customer `{_customer.Mark}` holds of these messages cannot be read: {e.Message}", e);
        }
    }

    private KnownMessage Message(int place, (long Sequence, ulong ContentHash) stored) => new(_events[place].Event.MessageId, stored.Sequence, stored.ContentHash);

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Row(Guid MessageHash, byte[] Payload);
}

/// <summary>A snapshot to keep. Answers whether the log has come as far as the state.</summary>
internal sealed class PostgresSnapshot(CustomerKey customer, CustomerState state) : Work<PostgresBatch, bool>, IOfCustomer
{
    public string Key { get; } = StoredKey.Write(customer.Value);

    public KnownCustomer? Known { get; set; }

    public long Sequence => state.Sequence;

    public byte[] Payload { get; } = SnapshotCodec.Write(customer.Value, state);

    public override void Apply(PostgresBatch batch) => batch.Snapshots.Add(this);

    public void Kept() => Result = true;
}

/// <summary>A due row to move or to remove if it stands where it was seen and the log ends where it should. Answers nothing of use.</summary>
internal sealed class PostgresSettle(CustomerKey customer, long sequence, DateTimeOffset seen, DateTimeOffset? next) : Work<PostgresBatch, bool>, IOfCustomer
{
    public string Key { get; } = StoredKey.Write(customer.Value);

    public KnownCustomer? Known { get; set; }

    public long Sequence { get; } = sequence;

    public long Seen { get; } = Instants.Write(seen);

    public long? Next { get; } = next is { } instant ? Instants.Write(instant) : null;

    public override void Apply(PostgresBatch batch) => batch.Settles.Add(this);
}
