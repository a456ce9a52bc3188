using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Values;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;
using FunnelStage = Decisioning.Engine.Decisions.FunnelStage;
using StrategyFile = Decisioning.Contracts.Messages.StrategyFile;
using Value = Decisioning.Engine.Values.Value;

namespace Decisioning.Gateway.Tests;

/// <summary>The corpus that the engine passes, asked over gRPC: what a caller sees is what the engine decided.</summary>
public sealed class DecisionCorpusTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    public static TheoryData<string> Cases { get; } = [.. DecisionCases.Names];

    [Theory, MemberData(nameof(Cases))]
    public async Task Case_comes_out_as_written(string name)
    {
        var given = DecisionCases.Read(name);
        await server.PublishAsync(given.Source.Files.Select(file => new StrategyFile(file.Key, file.Value)));
        foreach (var (index, step) in given.Steps.Index())
        {
            switch (step)
            {
                case CaseStep.Record record:
                    foreach (var e in record.Events)
                    {
                        server.Clock.Now = e.ReceivedAt;
                        var ack = await SendAsync(name, e);
                        Assert.True(ack.Status == (record.IsLate ? Api.EventStatus.LateApplied : Api.EventStatus.Applied), $"step {index}: {ack}");
                    }

                    break;
                case CaseStep.Ask ask:
                    server.Clock.Now = ask.At;
                    var decision = Read(await server.Decisions.NextBestActionAsync(Question(name, ask.Request)));
                    Assert.True(!ask.Expected.Differences(decision).Any(), $"step {index}: {string.Join('\n', ask.Expected.Differences(decision))}");
                    break;
            }
        }
    }

    private async Task<Api.EventAck> SendAsync(string user, CustomerEvent e)
    {
        if (e.Response is { } response)
        {
            var capture = new Api.CaptureResponseRequest { Customer = GatewayServer.User(user) };
            capture.Responses.Add(new Api.ActionResponse
            {
                MessageId = e.MessageId, DecisionId = response.DecisionId, Action = response.Action, Channel = response.Channel,
                Outcome = (Api.Outcome)response.Outcome, OccurredAt = e.Timestamp.ToTimestamp(),
            });
            return (await server.Decisions.CaptureResponseAsync(capture)).Acks[0];
        }

        var source = new Api.Event
        {
            MessageId = e.MessageId, UserId = user, Timestamp = e.Timestamp.ToTimestamp(), Context = StructWriter.Write(e.Context),
            Type = e.Type == Engine.Customers.EventType.Identify ? Api.EventType.Identify : Api.EventType.Track, Event_ = e.Name,
        };
        if (e.Type == Engine.Customers.EventType.Identify)
        {
            source.Traits = StructWriter.Write(e.Properties);
        }
        else
        {
            source.Properties = StructWriter.Write(e.Properties);
        }

        return (await server.Events.TrackAsync(new Api.TrackRequest { Events = { source } })).Acks[0];
    }

    private static Api.NextBestActionRequest Question(string user, DecisionRequest request) => new()
    {
        Customer = GatewayServer.User(user),
        DecisionRequestId = request.RequestId,
        Channel = request.Channel,
        Placements = { request.Placements },
        MaxItems = request.Containers.IsEmpty ? request.MaxItems : 0,
        Containers = { request.Containers.Select(container => new Api.Container { Name = container.Name, Placements = { container.Placements }, MaxItems = container.MaxItems }) },
        Context = StructWriter.Write(request.Context),
        Explain = (Api.ExplainLevel)((int)request.Explain + 1),
        DryRun = request.DryRun,
    };

    // Back to what the corpus compares.
    private static Decision Read(Api.NextBestActionResponse response) => Read(response.Decision) with
    {
        UnknownPlacements = [.. response.Warnings.Select(warning => warning.Description.Split('`')[1]).Distinct()],
    };

    private static Decision Read(Api.Decision decision) => new(
        decision.DecisionId, decision.Sequence, decision.Strategy, decision.StrategyVersion, "", decision.DecidedAt.ToDateTimeOffset(), 0,
        [.. decision.Items.Select(item => new DecisionItem(
            item.Rank, item.Issue, item.Group, item.Action, item.Treatment, item.Channel, item.Placement,
            PropertyMap.From(item.Content.Select(part => KeyValuePair.Create(part.Key, Value.Of(part.Value)))), item.TrackingToken, item.IsFallback,
            item.Scores.Propensity, item.Scores.ContextWeight, item.Scores.Value, item.Scores.LeverWeight, item.Scores.Priority, item.ActionProbability,
            item.ExpiresAt.ToDateTimeOffset(), [.. item.Reasons], item.IsMandatory, item.Bundle, item.SendAt?.ToDateTimeOffset(), item.Container))],
        [.. decision.Suppressed.Select(verdict => new Verdict(
            verdict.Action, (FunnelStage)verdict.Stage, verdict.RuleId, verdict.Reason, PropertyMap.Empty, verdict.AllowedAgainAt?.ToDateTimeOffset(), verdict.Priority,
            verdict.WouldWin is { } counterfactual ? new([], counterfactual.Text) : null))],
        [.. decision.Rules.Select(rule => new RuleReport(
            rule.RuleId, rule.Holds,
            [.. rule.Layers.Select(layer => new LayerReport(layer.Layer, System.Enum.Parse<Engine.Decisions.LayerResult>(layer.Result.ToString()), layer.Expression, PropertyMap.Empty, layer.Error))]))],
        [.. decision.Stages], [.. decision.Segments], [.. decision.Tags], decision.Touch)
    {
        Plans = [.. decision.Plans.Select(plan => new PlannedStage(plan.Stage, plan.Objective, plan.Message, (PersonalizationLevel)(plan.Level - 1)))],
    };
}
