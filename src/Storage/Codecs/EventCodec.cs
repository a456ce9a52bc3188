using System.Buffers.Binary;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>Recorded events to and from their stored form.</summary>
internal static class EventCodec
{
    // What most events fit in.
    private const int Room = 1024;

    public static byte[] Write(string customer, RecordedEvent recorded)
    {
        var writer = new WireWriter(Room);
        try
        {
            Write(ref writer, recorded);
            return Seal.Write(customer, writer.Written);
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <param name="customer">The key of the customer whose event it should be.</param>
    /// <param name="payload">The bytes.</param>
    /// <param name="isSealed">Whether they must have a seal; those that older programs wrote have none.</param>
    /// <exception cref="InvalidProtocolBufferException">The response within is none.</exception>
    /// <exception cref="InvalidDataException">They are not an event, not as they were written, or another customer's.</exception>
    /// <exception cref="NewerFormException">They are an event of a kind that only newer versions know.</exception>
    public static RecordedEvent Read(string customer, ReadOnlySpan<byte> payload, bool isSealed = true) =>
        ReadIfKept(customer, payload, isSealed, out var sequence)
        ?? throw new InvalidDataException($"the contents of event {sequence} are no longer kept, and nothing stands for them; restore the database from a backup");

    /// <summary>An event, or null when its contents are no longer kept; otherwise as <see cref="Read(string, ReadOnlySpan{byte}, bool)"/>.</summary>
    public static RecordedEvent? ReadIfKept(string customer, ReadOnlySpan<byte> payload, bool isSealed, out long sequence)
    {
        CheckSeal(customer, payload, isSealed);
        (sequence, var contentHash, var strategyVersion) = (0L, 0ul, 0L);
        var (messageId, type, name) = ("", default(EventType), "");
        var (timestamp, receivedAt) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        DateTimeOffset? saidAt = null;
        var (properties, context) = (PropertyMap.Empty, PropertyMap.Empty);
        ActionResponse? response = null;
        var reduced = false;
        var reader = new WireReader(payload);
        while (reader.Next() is var field && field != 0)
        {
            switch (field)
            {
                case StoredEvent.SequenceFieldNumber:
                    sequence = reader.Int();
                    break;
                case StoredEvent.ContentHashFieldNumber:
                    contentHash = reader.Fixed64();
                    break;
                case StoredEvent.MessageIdFieldNumber:
                    messageId = reader.Text();
                    break;
                case StoredEvent.TypeFieldNumber:
                    type = (EventType)reader.Varint();
                    break;
                case StoredEvent.NameFieldNumber:
                    name = reader.Text();
                    break;
                case StoredEvent.TimestampFieldNumber:
                    timestamp = ReadInstant(ref reader);
                    break;
                case StoredEvent.ReceivedAtFieldNumber:
                    receivedAt = ReadInstant(ref reader);
                    break;
                case StoredEvent.PropertiesFieldNumber:
                    properties = ValueWire.ReadMap(reader.Message());
                    break;
                case StoredEvent.ContextFieldNumber:
                    context = ValueWire.ReadMap(reader.Message());
                    break;
                case StoredEvent.ResponseFieldNumber:
                    response = ReadResponse(reader.Bytes());
                    break;
                case StoredEvent.SaidAtFieldNumber:
                    saidAt = ReadInstant(ref reader);
                    break;
                case StoredEvent.StrategyVersionFieldNumber:
                    strategyVersion = reader.Int();
                    break;
                case StoredEvent.ReducedFieldNumber:
                    reduced = reader.Varint() != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        NewerFormException.ThrowIfNewer(type, sequence);
        return reduced
            ? null
            : new(sequence, contentHash, new(messageId, type, name, timestamp, receivedAt, properties, context, response, saidAt), strategyVersion);
    }

    /// <summary>What tells a repeat of a stored event; otherwise as <see cref="Read(string, ReadOnlySpan{byte}, bool)"/>.</summary>
    /// <returns>The message id, null when the event is reduced, and its sequence and hash.</returns>
    public static (string? MessageId, (long Sequence, ulong ContentHash) Known) ReadKnown(string customer, ReadOnlySpan<byte> payload, bool isSealed = true)
    {
        var stored = StoredEvent.Parser.ParseFrom(payload);
        Seal.Check(customer, payload, stored.HasSeal || isSealed);
        return (stored.Reduced ? null : stored.MessageId, (stored.Sequence, stored.ContentHash));
    }

    /// <summary>The event without its contents: its sequence and the hashes that tell a repeat. Otherwise as <see cref="Read(string, ReadOnlySpan{byte}, bool)"/>.</summary>
    /// <param name="customer">The key of the customer whose event it should be.</param>
    /// <param name="payload">The bytes.</param>
    /// <param name="keepsMessageHash">Whether the hash of the message id stays, for a store that has no other place for it.</param>
    /// <param name="isSealed">Whether they must have a seal.</param>
    /// <returns>Null when it is reduced already.</returns>
    public static byte[]? Reduce(string customer, ReadOnlySpan<byte> payload, bool keepsMessageHash, bool isSealed = true)
    {
        var stored = StoredEvent.Parser.ParseFrom(payload);
        Seal.Check(customer, payload, stored.HasSeal || isSealed);
        if (stored.Reduced)
        {
            return null;
        }

        var reduced = new StoredEvent { Sequence = stored.Sequence, ContentHash = stored.ContentHash, Reduced = true };
        if (keepsMessageHash)
        {
            var hash = new byte[MessageHash.Bytes];
            BinaryPrimitives.WriteUInt128BigEndian(hash, MessageHash.Of(stored.MessageId));
            reduced.MessageHash = ByteString.CopyFrom(hash);
        }

        return Seal.Write(customer, reduced);
    }

    /// <summary>
    /// When a stored event was received; null when it is reduced. Its seal is not looked at; what cannot be read is never past its age.
    /// </summary>
    public static DateTimeOffset? ReadReceivedAt(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new WireReader(payload);
            while (reader.Next() is var field && field != 0)
            {
                if (field == StoredEvent.ReceivedAtFieldNumber)
                {
                    return ReadInstant(ref reader);
                }

                reader.Skip();
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            return DateTimeOffset.MaxValue;
        }

        return null;
    }

    /// <summary>Only the hash of the message id of a stored event, cheaper than all of it; otherwise as <see cref="Read(string, ReadOnlySpan{byte}, bool)"/>.</summary>
    public static UInt128 ReadMessageHash(string customer, ReadOnlySpan<byte> payload, bool isSealed = true)
    {
        Seal.Check(customer, payload, isSealed);
        var reader = new WireReader(payload);
        while (reader.Next() is var field && field != 0)
        {
            switch (field)
            {
                case StoredEvent.MessageIdFieldNumber:
                    return MessageHash.Of(reader.Text());
                case StoredEvent.MessageHashFieldNumber:
                    return BinaryPrimitives.ReadUInt128BigEndian(reader.Bytes());
                default:
                    reader.Skip();
                    break;
            }
        }

        throw new InvalidDataException("an event has neither a message id nor the hash of one; restore the database from a backup");
    }

    private static void Write(ref WireWriter writer, RecordedEvent recorded)
    {
        var e = recorded.Event;
        writer.VarintUnlessZero(StoredEvent.StrategyVersionFieldNumber, unchecked((ulong)recorded.StrategyVersion));
        if (e.SaidAt is { } said)
        {
            writer.Fixed64(StoredEvent.SaidAtFieldNumber, Write(said));
        }

        if (e.Response is { } response)
        {
            Write(ref writer, response);
        }

        ValueWire.Write(ref writer, StoredEvent.ContextFieldNumber, e.Context);
        ValueWire.Write(ref writer, StoredEvent.PropertiesFieldNumber, e.Properties);
        writer.Fixed64UnlessZero(StoredEvent.ReceivedAtFieldNumber, Write(e.ReceivedAt));
        writer.Fixed64UnlessZero(StoredEvent.TimestampFieldNumber, Write(e.Timestamp));
        writer.TextUnlessEmpty(StoredEvent.NameFieldNumber, e.Name);
        writer.VarintUnlessZero(StoredEvent.TypeFieldNumber, (uint)e.Type);
        writer.TextUnlessEmpty(StoredEvent.MessageIdFieldNumber, e.MessageId);
        writer.Fixed64UnlessZero(StoredEvent.ContentHashFieldNumber, recorded.ContentHash);
        writer.VarintUnlessZero(StoredEvent.SequenceFieldNumber, unchecked((ulong)recorded.Sequence));
    }

    private static void Write(ref WireWriter writer, ActionResponse response)
    {
        var end = writer.Length;
        writer.DoubleUnlessZero(StoredResponse.RewardFieldNumber, response.Reward);
        writer.VarintUnlessZero(StoredResponse.BehaviourFieldNumber, (uint)response.Behaviour);
        writer.VarintUnlessZero(StoredResponse.OutcomeFieldNumber, (uint)response.Outcome);
        writer.TextUnlessEmpty(StoredResponse.PlacementFieldNumber, response.Placement);
        writer.TextUnlessEmpty(StoredResponse.ChannelFieldNumber, response.Channel);
        writer.TextUnlessEmpty(StoredResponse.TreatmentFieldNumber, response.Treatment);
        writer.TextUnlessEmpty(StoredResponse.ActionFieldNumber, response.Action);
        writer.TextUnlessEmpty(StoredResponse.GroupFieldNumber, response.Group);
        writer.TextUnlessEmpty(StoredResponse.IssueFieldNumber, response.Issue);
        writer.TextUnlessEmpty(StoredResponse.DecisionIdFieldNumber, response.DecisionId);
        writer.Message(StoredEvent.ResponseFieldNumber, end);
    }

    // Responses are few: what protobuf makes of them will do.
    private static ActionResponse ReadResponse(ReadOnlySpan<byte> bytes)
    {
        var stored = StoredResponse.Parser.ParseFrom(bytes);
        return new(
            stored.DecisionId,
            stored.Issue,
            stored.Group,
            stored.Action,
            stored.Treatment,
            stored.Channel,
            stored.Placement,
            (Outcome)stored.Outcome,
            (Behaviour)stored.Behaviour,
            stored.Reward);
    }

    private static ulong Write(DateTimeOffset instant) => unchecked((ulong)Instants.Write(instant));

    private static DateTimeOffset ReadInstant(ref WireReader reader) => Instants.Read(unchecked((long)reader.Fixed64()));

    // What an older program wrote has a seal too if its contents were taken away since.
    private static void CheckSeal(string customer, ReadOnlySpan<byte> payload, bool isSealed) =>
        Seal.Check(customer, payload, isSealed || new WireReader(payload).Count(StoredEvent.SealFieldNumber) > 0);
}
