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

    /// <summary>Only the message id of a stored event, cheaper than all of it; otherwise as <see cref="Read(string, ReadOnlySpan{byte}, bool)"/>.</summary>
    public static string ReadMessageId(string customer, ReadOnlySpan<byte> payload, bool isSealed = true)
    {
        Seal.Check(customer, payload, isSealed);
        using var input = new CodedInputStream(payload.ToArray());
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == StoredEvent.MessageIdFieldNumber)
            {
                return input.ReadString();
            }

            input.SkipLastField();
        }

        return "";
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
