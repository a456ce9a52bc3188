using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Privacy;

/// <summary>Writes what is recorded of a customer as it is.</summary>
internal static class ExportWriter
{
    public static Api.ExportedEvent Write(CustomerKey key, ExportedEvent recorded)
    {
        var source = recorded.Event;
        return new Api.ExportedEvent
        {
            Identity = IdentityReader.Write(key),
            Sequence = recorded.Sequence,
            Type = source.Type.ToString().ToLowerInvariant(),
            MessageId = source.MessageId,
            Event = source.Name,
            Timestamp = source.Timestamp.ToTimestamp(),
            ReceivedAt = source.ReceivedAt.ToTimestamp(),
            Properties = StructWriter.Write(source.Properties),
            Context = StructWriter.Write(source.Context),
            Response = source.Response is { } response ? Write(response) : null,
            StrategyVersion = recorded.StrategyVersion,
        };
    }

    public static Api.ExportedDecision Write(CustomerKey key, ExportedDecision recorded)
    {
        var target = new Api.ExportedDecision
        {
            Identity = IdentityReader.Write(key),
            RequestId = recorded.Request.RequestId,
            Container = recorded.Request.Container,
            Channel = recorded.Request.Channel,
            Context = StructWriter.Write(recorded.Request.Context),
            Decision = DecisionWriter.Write(recorded.Decision, TimeSpan.Zero),
        };
        target.Placements.AddRange(recorded.Request.Placements);
        target.Containers.AddRange(recorded.Request.Containers.Select(container =>
        {
            var asked = new Api.Container { Name = container.Name, MaxItems = container.MaxItems };
            asked.Placements.AddRange(container.Placements);
            return asked;
        }));
        return target;
    }

    private static Api.ExportedOutcome Write(ActionResponse response) => new()
    {
        DecisionId = response.DecisionId,
        Issue = response.Issue,
        Group = response.Group,
        Action = response.Action,
        Treatment = response.Treatment,
        Channel = response.Channel,
        Placement = response.Placement,
        Outcome = response.Outcome.ToString().ToLowerInvariant(),
        Reward = response.Reward,
    };
}
