using Decisioning.Engine.Decisions;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Replies;

/// <summary>Writes decisions.</summary>
internal static class DecisionWriter
{
    public static Api.Decision Write(Decision decision, TimeSpan elapsed)
    {
        var target = new Api.Decision
        {
            DecisionId = decision.DecisionId,
            Sequence = decision.Sequence,
            Strategy = decision.Strategy,
            StrategyVersion = decision.StrategyVersion,
            DecidedAt = decision.DecidedAt.ToTimestamp(),
            ElapsedUs = elapsed.Ticks / TimeSpan.TicksPerMicrosecond,
            Touch = decision.Touch,
        };
        target.Items.Capacity = decision.Items.Length;
        foreach (var item in decision.Items)
        {
            target.Items.Add(Write(item));
        }

        target.Suppressed.Capacity = decision.Verdicts.Length;
        foreach (var verdict in decision.Verdicts)
        {
            target.Suppressed.Add(Write(verdict));
        }

        foreach (var rule in decision.Rules)
        {
            target.Rules.Add(Write(rule));
        }

        target.Stages.AddRange(decision.Stages);
        target.Segments.AddRange(decision.Segments);
        target.Tags.AddRange(decision.Tags);
        foreach (var plan in decision.Plans)
        {
            target.Plans.Add(new Api.StagePlan { Stage = plan.Stage, Objective = plan.Objective, Message = plan.Message, Level = (Api.PersonalizationLevel)(plan.Level + 1) });
        }

        return target;
    }

    private static Api.DecisionItem Write(DecisionItem item)
    {
        var target = new Api.DecisionItem
        {
            Rank = item.Rank,
            Issue = item.Issue,
            Group = item.Group,
            Action = item.Action,
            Treatment = item.Treatment,
            Channel = item.Channel,
            Placement = item.Placement,
            TrackingToken = item.TrackingToken,
            IsFallback = item.IsFallback,
            Scores = new Api.PriorityFactors
            {
                Propensity = item.Propensity,
                ContextWeight = item.ContextWeight,
                Value = item.Value,
                LeverWeight = item.LeverWeight,
                Priority = item.Priority,
            },
            ActionProbability = item.ActionProbability,
            ExpiresAt = item.ExpiresAt.ToTimestamp(),
            SendAt = item.SendAt?.ToTimestamp(),
            Bundle = item.Bundle,
            Container = item.Container,
            IsMandatory = item.IsMandatory,
        };
        foreach (var (name, value) in item.Content.Entries)
        {
            target.Content[name] = value.Kind == Engine.Values.ValueKind.String ? value.AsString() : value.ToString();
        }

        target.Reasons.AddRange(item.Reasons);
        return target;
    }

    private static Api.SuppressedAction Write(Verdict verdict) => new()
    {
        Action = verdict.Action,
        Stage = (Api.FunnelStage)verdict.Stage,
        RuleId = verdict.Rule,
        Reason = verdict.Reason,
        Seen = verdict.Seen.Count > 0 ? StructWriter.Write(verdict.Seen) : null,
        AllowedAgainAt = verdict.AllowedAgainAt?.ToTimestamp(),
        Priority = verdict.Priority,
        WouldWin = verdict.WouldWin is { } counterfactual ? Write(counterfactual) : null,
    };

    private static Api.Counterfactual Write(Counterfactual counterfactual) => new()
    {
        Text = counterfactual.Text,
        Changes =
        {
            counterfactual.Changes.Select(change => new Api.SupposedChange
            {
                Name = change.Name,
                Seen = StructWriter.Write(change.Seen),
                Needed = StructWriter.Write(change.Needed),
            }),
        },
    };

    private static Api.RuleReport Write(RuleReport rule)
    {
        var target = new Api.RuleReport { RuleId = rule.Rule, Holds = rule.Holds };
        foreach (var layer in rule.Layers)
        {
            target.Layers.Add(new Api.LayerReport
            {
                Layer = layer.Layer,
                Result = layer.Result switch
                {
                    LayerResult.Held => Api.LayerResult.Held,
                    LayerResult.Failed => Api.LayerResult.Failed,
                    LayerResult.Error => Api.LayerResult.Error,
                    _ => Api.LayerResult.NotAsked,
                },
                Expression = layer.Expression,
                Seen = layer.Seen.Count > 0 ? StructWriter.Write(layer.Seen) : null,
                Error = layer.Error,
            });
        }

        return target;
    }
}
