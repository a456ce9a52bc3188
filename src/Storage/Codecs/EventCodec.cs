using System.Buffers.Binary;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>Recorded events to and from their stored form.</summary>
internal static class EventCodec
{
    public static byte[] Write(string customer, RecordedEvent recorded)
    {
        var e = recorded.Event;
        var stored = new StoredEvent
        {
            Sequence = recorded.Sequence,
            ContentHash = recorded.ContentHash,
            MessageId = e.MessageId,
            Type = (uint)e.Type,
            Name = e.Name,
            Timestamp = Instants.Write(e.Timestamp),
            ReceivedAt = Instants.Write(e.ReceivedAt),
            Properties = ValueCodec.Write(e.Properties),
            Context = ValueCodec.Write(e.Context),
            Response = Write(e.Response),
            StrategyVersion = recorded.StrategyVersion,
        };
        if (e.SaidAt is { } said)
        {
            stored.SaidAt = Instants.Write(said);
        }

        return Seal.Write(customer, stored);
    }

    /// <param name="customer">The key of the customer whose event it should be.</param>
    /// <param name="payload">The bytes.</param>
    /// <param name="isSealed">Whether they must have a seal; those that older programs wrote have none.</param>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not an event.</exception>
    /// <exception cref="InvalidDataException">They are not as they were written, or another customer's.</exception>
    public static RecordedEvent Read(string customer, ReadOnlySpan<byte> payload, bool isSealed = true)
    {
        var stored = StoredEvent.Parser.ParseFrom(payload);
        Seal.Check(customer, payload, stored.HasSeal || isSealed);
        if (stored.Reduced)
        {
            throw new InvalidDataException($"the contents of event {stored.Sequence} are no longer kept, and nothing stands for them; restore the database from a backup");
        }

        var e = new CustomerEvent(
            stored.MessageId,
            (EventType)stored.Type,
            stored.Name,
            Instants.Read(stored.Timestamp),
            Instants.Read(stored.ReceivedAt),
            ValueCodec.Read(stored.Properties),
            ValueCodec.Read(stored.Context),
            Read(stored.Response),
            stored.HasSaidAt ? Instants.Read(stored.SaidAt) : null);
        return new(stored.Sequence, stored.ContentHash, e, stored.StrategyVersion);
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
        using var input = new CodedInputStream(payload.ToArray());
        try
        {
            while (input.ReadTag() is var tag && tag != 0)
            {
                if (WireFormat.GetTagFieldNumber(tag) == StoredEvent.ReceivedAtFieldNumber)
                {
                    return Instants.Read(input.ReadSFixed64());
                }

                input.SkipLastField();
            }
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            return DateTimeOffset.MaxValue;
        }

        return null;
    }

    /// <summary>Only the hash of the message id of a stored event, cheaper than all of it; otherwise as <see cref="Read(string, ReadOnlySpan{byte}, bool)"/>.</summary>
    public static UInt128 ReadMessageHash(string customer, ReadOnlySpan<byte> payload, bool isSealed = true)
    {
        Seal.Check(customer, payload, isSealed);
        using var input = new CodedInputStream(payload.ToArray());
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case StoredEvent.MessageIdFieldNumber:
                    return MessageHash.Of(input.ReadString());
                case StoredEvent.MessageHashFieldNumber:
                    return BinaryPrimitives.ReadUInt128BigEndian(input.ReadBytes().Span);
                default:
                    input.SkipLastField();
                    break;
            }
        }

        throw new InvalidDataException("an event has neither a message id nor the hash of one; restore the database from a backup");
    }

    private static StoredResponse? Write(ActionResponse? response) => response is null ? null : new()
    {
        DecisionId = response.DecisionId,
        Issue = response.Issue,
        Group = response.Group,
        Action = response.Action,
        Treatment = response.Treatment,
        Channel = response.Channel,
        Placement = response.Placement,
        Outcome = (uint)response.Outcome,
        Behaviour = (uint)response.Behaviour,
        Reward = response.Reward,
    };

    private static ActionResponse? Read(StoredResponse? stored) => stored is null ? null : new(
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
