using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>schedule</c>.</summary>
internal static partial class ScheduleSection
{
    private const string TargetPattern = "^(?<target>[0-9]+(\\.[0-9]+)?)(/(?<per>day|week|month|quarter|year))?$";
    private const string SharePattern = "^(?<percent>[0-9]{1,3}(\\.[0-9]+)?)%$";
    private const string TargetCure = "write a number, and in what time if it is not a level, such as `400/month`, `12.5/day` or `60`";

    private static readonly ImmutableArray<(string Name, PersonalizationLevel Level)> Levels =
        [("none", PersonalizationLevel.None), ("segment", PersonalizationLevel.Segment), ("individual", PersonalizationLevel.Individual)];

    public static KeyTable Keys { get; } = new(
        "a stage's plan",
        new("objective", Take.Text, "What the stage is for."),
        new("message", Take.Text, "What customers in it should hear."),
        new("channels", Take.ListOf(Take.Identifier, 100), "The only channels on which actions that serve the stage are offered for it."),
        new("level", Take.OneOf(Levels.Select(level => level.Name)), "How personal the content is."),
        new("weight", Take.Factor, "The factor on the priority of actions that serve the stage."),
        new("weights", Take.MapOf(NameRule.Event, Take.Factor, Limits.StageWeightsMax), "Factors on the priority of `issue.NAME`, `group.NAME`, `action.NAME` or `all`."),
        new("kpi", Take.MapOf(NameRule.Identifier, Take.AnyOf(Take.Number(min: 0), Take.Form(TargetPattern)), Limits.StageKpisMax), "Key figures with their targets, such as `400/month`."),
        new("budget", Take.Form(SharePattern), "Its share of the budget, such as `30%`."));

    /// <summary>The plans by the names of their stages.</summary>
    public static IReadOnlyDictionary<string, StagePlan> Compile(WrittenNode? node, Declarations names, ImmutableArray<ActionDefinition> actions, Mistakes mistakes)
    {
        var plans = new Dictionary<string, StagePlan>(StringComparer.Ordinal);
        var shares = 0m;
        foreach (var entry in Shape.Named(node, "schedule", "the schedule", Limits.StagesMax, NameRule.Identifier, mistakes))
        {
            var path = $"schedule.{entry.Name}";
            var stage = References.One(entry.Key, path, "stage", names.Stages, "declare it under `journey`", names, mistakes);
            if (Fields.Of(entry.Value, path, Keys, mistakes) is not { } fields)
            {
                continue;
            }

            var share = Share(fields);
            shares += share ?? 0;
            if (share is not null && shares > 100)
            {
                mistakes.Add(fields.PlaceOf("budget"), fields.PathOf("budget"), $"the stages' shares of the budget come to {shares:0.##}%; at most 100% are there to share");
            }

            plans[entry.Name] = Plan(fields, share, names);
            if (stage is not null)
            {
                WarnOfUnserved(fields, stage, names.Stages.IndexOf(stage), actions);
            }
        }

        return plans;
    }

    private static StagePlan Plan(Fields fields, decimal? share, Declarations names)
    {
        var level = fields.Word("level") is { } word ? Levels.First(known => known.Name == word).Level : PersonalizationLevel.Individual;
        return new StagePlan(fields.Text("objective") ?? "", fields.Text("message") ?? "", level)
        {
            Channels = Channels(fields, names),
            Weight = fields.Factor("weight") ?? 1,
            Weights = [.. Weights(fields, names)],
            Kpis = [.. Kpis(fields)],
            BudgetShare = share is null ? null : (double)(share.Value / 100),
        };
    }

    private static ImmutableArray<string> Channels(Fields fields, Declarations names)
    {
        var path = fields.PathOf("channels");
        foreach (var item in (fields["channels"] as WrittenNode.Sequence)?.Items.OfType<WrittenNode.Scalar>() ?? [])
        {
            References.Channel(item, path, names, fields.Mistakes);
        }

        return References.Texts(fields["channels"], path, "the channels", names.Channels.Length, fields.Mistakes);
    }

    private static IEnumerable<StageWeight> Weights(Fields fields, Declarations names)
    {
        var path = fields.PathOf("weights");
        foreach (var entry in Shape.Named(fields["weights"], path, "the weights", Limits.StageWeightsMax, NameRule.Event, fields.Mistakes))
        {
            var target = LeverSection.Target(entry.Key, $"{path}.{entry.Name}", names, fields.Mistakes);
            if (Literals.Factor(entry.Value, $"{path}.{entry.Name}", fields.Mistakes) is { } weight && target is not null)
            {
                yield return new(target, weight);
            }
        }
    }

    private static IEnumerable<StageKpi> Kpis(Fields fields)
    {
        var path = fields.PathOf("kpi");
        foreach (var entry in Shape.Named(fields["kpi"], path, "the key figures", Limits.StageKpisMax, NameRule.Identifier, fields.Mistakes))
        {
            if (Literals.Text(entry.Value, $"{path}.{entry.Name}", fields.Mistakes) is not { } text)
            {
                continue;
            }

            var match = TargetForm().Match(text);
            if (match.Success && Literals.TryNumber(match.Groups["target"].Value, out var target))
            {
                yield return new(entry.Name, target, Enum.TryParse<KpiPeriod>(match.Groups["per"].Value, ignoreCase: true, out var per) ? per : KpiPeriod.None);
            }
            else
            {
                fields.Mistakes.Add(entry.Value.Place, $"{path}.{entry.Name}", $"`{Shape.Short(text)}` is not a target; {TargetCure}");
            }
        }
    }

    private static decimal? Share(Fields fields)
    {
        if (fields.Text("budget") is not { } text)
        {
            return null;
        }

        var match = ShareForm().Match(text);
        if (match.Success && decimal.TryParse(match.Groups["percent"].Value, System.Globalization.CultureInfo.InvariantCulture, out var percent))
        {
            return percent;
        }

        fields.Mistakes.Add(fields["budget"]!.Place, fields.PathOf("budget"), $"`{Shape.Short(text)}` is not a share; write one such as `30%`");
        return null;
    }

    /// <summary>Channels and weight bind the actions that serve the stage: without any they do nothing.</summary>
    private static void WarnOfUnserved(Fields fields, string stage, int index, ImmutableArray<ActionDefinition> actions)
    {
        foreach (var key in (string[])["channels", "weight"])
        {
            if (fields.Has(key) && !actions.Any(action => action.Stages.Contains(index)))
            {
                fields.Mistakes.Add(FindingRules.UnservedStage, fields.PlaceOf(key), fields.PathOf(key),
                    $"no action serves the stage `{stage}`, so that its `{key}` changes nothing; write `stages: [{stage}]` under the actions meant for it");
            }
        }
    }

    [GeneratedRegex(TargetPattern, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TargetForm();

    [GeneratedRegex(SharePattern, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShareForm();
}
