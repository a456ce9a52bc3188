using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>arbitration</c>.</summary>
internal sealed record ArbitrationSection(ArbitrationSettings Settings, ImmutableArray<Lever> Levers)
{
    private static readonly ImmutableArray<(string Name, PriorityParts Part)> Parts =
    [
        ("propensity", PriorityParts.Propensity), ("context_weight", PriorityParts.ContextWeight), ("value", PriorityParts.Value), ("lever", PriorityParts.Lever),
    ];

    public static KeyTable Keys { get; } = new(
        "the arbitration section",
        new("priority", Take.Form(@"^(propensity|context_weight|value|lever)( *\* *(propensity|context_weight|value|lever))*$"), "Which parts make the priority: their product."),
        new("policy", Take.OneOf([ArbitrationPolicies.Priority, ArbitrationPolicies.Value, ArbitrationPolicies.Goals, ArbitrationPolicies.Random]), "Who goes first."),
        new("goals", Take.MapOf(NameRule.Id, Take.Factor, Limits.GoalsMax), "What each goal weighs, for the policy `goals`."),
        new("explore", Take.Number(0, 1), "The share of picks left to chance."),
        new("levers", Take.ListOf(Take.Keys(LeverSection.Keys), Limits.LeversMax), "Factors that people turn by hand for a time."));

    public static ArbitrationSection Compile(WrittenNode? node, Declarations names, ImmutableArray<ActionDefinition> actions, DateTimeZone zone, Mistakes mistakes)
    {
        if (node is null || Fields.Of(node, "arbitration", Keys, mistakes) is not { } fields)
        {
            return new(ArbitrationSettings.Default, []);
        }

        var policy = fields.Word("policy") ?? ArbitrationPolicies.Priority;
        var explore = fields.Number("explore") ?? 0;
        var settings = new ArbitrationSettings
        {
            Parts = PartsOf(fields["priority"], fields.PathOf("priority"), mistakes),
            Policy = ArbitrationPolicies.Exploring(ArbitrationPolicies.ByName[policy], explore),
            Goals = GoalsOf(fields, policy, names, actions),
            Explore = explore,
        };
        if (policy == ArbitrationPolicies.Random)
        {
            RefuseWithRandom(fields, "priority", "nothing is ranked");
            RefuseWithRandom(fields, "explore", "everything is left to chance already");
        }

        return new(settings, LeverSection.Read(fields["levers"], fields.PathOf("levers"), names, zone, mistakes));
    }

    private static void RefuseWithRandom(Fields fields, string key, string why)
    {
        if (fields.Has(key))
        {
            fields.Mistakes.Add(fields.PlaceOf(key), fields.PathOf(key), $"`{key}` does nothing with `policy: random`, where {why}; leave it out");
        }
    }

    /// <summary>A product of the names of parts, each at most once.</summary>
    private static PriorityParts PartsOf(WrittenNode? node, string path, Mistakes mistakes)
    {
        if (node is null || Literals.Text(node, path, mistakes) is not { } text)
        {
            return PriorityParts.All;
        }

        var parts = PriorityParts.None;
        foreach (var name in text.Split('*', StringSplitOptions.TrimEntries))
        {
            var part = Parts.FirstOrDefault(known => known.Name == name).Part;
            if (part == PriorityParts.None)
            {
                var known = Parts.Select(one => one.Name).ToList();
                mistakes.Add(FindingRules.UnknownName, node.Place, path, $"`{Shape.Short(name)}` is no part of a priority"
                    + Cures.For(name, known, $"; write a product of {Cures.List(known)}, such as `propensity * value`"));
                return PriorityParts.All;
            }

            if (parts.HasFlag(part))
            {
                mistakes.Add(FindingRules.DuplicateId, node.Place, path, $"`{name}` is there twice; write it once");
            }

            parts |= part;
        }

        return parts;
    }

    private static ImmutableArray<GoalWeight> GoalsOf(Fields fields, string policy, Declarations names, ImmutableArray<ActionDefinition> actions)
    {
        var (path, mistakes) = (fields.PathOf("goals"), fields.Mistakes);
        if (policy != ArbitrationPolicies.Goals)
        {
            if (fields.Has("goals"))
            {
                mistakes.Add(fields.PlaceOf("goals"), path, "`goals` are weighed with `policy: goals` only; write that too, or leave them out");
            }

            return [];
        }

        if (fields.Require("goals", "write what each goal weighs, such as `goals: { revenue: 0.7, loyalty: 0.3 }`") is not { } node)
        {
            return [];
        }

        var known = actions.SelectMany(action => action.Goals).Select(goal => goal.Goal).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var goals = ImmutableArray.CreateBuilder<GoalWeight>();
        foreach (var entry in Shape.Named(node, path, "the goals", Limits.GoalsMax, NameRule.Id, mistakes))
        {
            References.One(entry.Key, $"{path}.{entry.Name}", "goal", known, "say under an action's `goals` what it brings to it", names, mistakes);
            if (Literals.Factor(entry.Value, $"{path}.{entry.Name}", mistakes) is { } weight)
            {
                goals.Add(new(entry.Name, weight));
            }
        }

        return goals.ToImmutable();
    }
}
