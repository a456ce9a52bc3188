using System.Collections.Immutable;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The sections <c>journey</c> and <c>schedule</c>.</summary>
internal static class JourneySection
{
    private static readonly ImmutableArray<string> StageKeys = ["enter", "exit", "min_dwell", "re_enter", "timeout"];
    private static readonly ImmutableArray<string> TimeoutKeys = ["after", "to"];
    private static readonly ImmutableArray<string> PlanKeys = ["objective", "message", "channels", "level", "kpi", "budget"];
    private static readonly ImmutableArray<string> Levels = ["none", "segment", "individual"];

    public static ImmutableArray<Stage> Compile(StrategyDocument document, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        var plans = Plans(document.Sections.GetValueOrDefault("schedule"), names, mistakes);
        return [.. Shape.Named(document.Sections.GetValueOrDefault("journey"), "journey", "the journey", Limits.StagesMax, NameRule.Identifier, mistakes)
            .Select((entry, index) => CompileOne(entry, index, plans.GetValueOrDefault(entry.Name), names, schema, mistakes))
            .OfType<Stage>()];
    }

    private static Stage? CompileOne(WrittenEntry entry, int index, StagePlan? plan, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        if (Fields.Of(entry.Value, $"journey.{entry.Name}", "a stage", mistakes, StageKeys) is not { } fields)
        {
            return null;
        }

        var enter = Conditions.Compile(fields.Require("enter", "write who enters the stage, or `enter: true` for everyone"), fields.PathOf("enter"), schema.WithoutEvent, mistakes);
        var exit = Conditions.Compile(fields["exit"], fields.PathOf("exit"), schema.WithoutEvent, mistakes);
        var dwell = fields.Duration("min_dwell", TimeSpan.Zero) ?? TimeSpan.Zero;
        var (after, to) = Timeout(fields["timeout"], fields.PathOf("timeout"), entry.Name, names, mistakes);
        if (after < dwell)
        {
            mistakes.Add(fields.PlaceOf("timeout"), fields.PathOf("timeout"),
                $"the stage ends after {Literals.Print(after.Value)} but lasts at least {Literals.Print(dwell)}; make `timeout.after` the longer one");
        }

        return enter is null ? null : new Stage(index, entry.Name, enter, exit, dwell, fields.Flag("re_enter") ?? false, after, to, plan);
    }

    private static (TimeSpan? After, string? To) Timeout(WrittenNode? node, string path, string stage, Declarations names, Mistakes mistakes)
    {
        if (node is null || Fields.Of(node, path, "a timeout", mistakes, TimeoutKeys) is not { } fields)
        {
            return (null, null);
        }

        var after = fields.Require("after", "write after how long the stage ends, such as `after: 60d`") is null ? null : fields.Duration("after", TimeSpan.FromMinutes(1));
        var to = References.One(fields["to"], fields.PathOf("to"), "stage", names.Stages, "declare it under `journey`", names, mistakes);
        if (to == stage)
        {
            mistakes.Add(fields["to"]!.Place, fields.PathOf("to"), $"a timeout of `{stage}` cannot lead to `{stage}` itself; name another stage or leave `to` out");
        }

        return (after, to);
    }

    private static Dictionary<string, StagePlan> Plans(WrittenNode? node, Declarations names, Mistakes mistakes)
    {
        var plans = new Dictionary<string, StagePlan>(StringComparer.Ordinal);
        foreach (var entry in Shape.Named(node, "schedule", "the schedule", Limits.StagesMax, NameRule.Identifier, mistakes))
        {
            var path = $"schedule.{entry.Name}";
            References.One(entry.Key, path, "stage", names.Stages, "declare it under `journey`", names, mistakes);
            if (Fields.Of(entry.Value, path, "a stage's plan", mistakes, PlanKeys) is { } fields)
            {
                plans[entry.Name] = Plan(fields, names, mistakes);
            }
        }

        return plans;
    }

    private static StagePlan Plan(Fields fields, Declarations names, Mistakes mistakes)
    {
        var channels = Shape.Items(fields["channels"], fields.PathOf("channels"), "the channels", names.Channels.Length, mistakes)
            .Select(item => References.Channel(item, fields.PathOf("channels"), names, mistakes))
            .OfType<string>();
        var level = References.One(fields["level"], fields.PathOf("level"), "level", Levels, $"write one of {Cures.List(Levels)}", names, mistakes);
        var kpis = Shape.Named(fields["kpi"], fields.PathOf("kpi"), "the key figures", 50, NameRule.Identifier, mistakes)
            .Select(entry => (entry.Name, Target: Literals.Text(entry.Value, $"{fields.PathOf("kpi")}.{entry.Name}", mistakes)))
            .Where(kpi => kpi.Target is not null)
            .Select(kpi => new StageKpi(kpi.Name, kpi.Target!));
        return new StagePlan(fields.Text("objective") ?? "", fields.Text("message") ?? "", [.. channels], level ?? "individual")
        {
            Kpis = [.. kpis],
            Budget = fields.Text("budget") ?? "",
        };
    }
}
