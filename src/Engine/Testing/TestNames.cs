using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Sections;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Testing;

/// <summary>The names of a strategy that its tests may use. A name that is not there is a mistake: a test of nothing holds always.</summary>
internal sealed class TestNames(Strategy strategy)
{
    private readonly Dictionary<string, KeyTable> _eventKeys = new(StringComparer.Ordinal);

    /// <summary>The funnel stages as tests write them.</summary>
    public static ImmutableArray<string> FunnelStages { get; } =
        [.. Enum.GetValues<FunnelStage>().Where(stage => stage != FunnelStage.Chosen).Select(Word)];

    public Strategy Strategy => strategy;

    public ImmutableHashSet<string> Stages { get; } = Set(strategy.Stages.Select(stage => stage.Name));

    public ImmutableHashSet<string> Segments { get; } = Set(strategy.Segments.Select(segment => segment.Name));

    public ImmutableHashSet<string> Tags { get; } = Set(strategy.Tags);

    public ImmutableHashSet<string> Scores { get; } = Set(strategy.Scores.Select(score => score.Name));

    public ImmutableHashSet<string> Features { get; } = Set(strategy.Features.Select(feature => feature.Name));

    public ImmutableHashSet<string> Profile { get; } = Set(strategy.Profile.Select(property => property.Name));

    public ImmutableHashSet<string> Rules { get; } = Set(strategy.Rules.Select(rule => rule.Id));

    public ImmutableHashSet<string> Triggers { get; } =
        Set(strategy.Rules.SelectMany(rule => rule.Then).OfType<RuleEffect.Trigger>().Select(trigger => trigger.Name));

    public ImmutableHashSet<string> Actions { get; } = Set(strategy.Actions.Select(action => action.Name));

    public ImmutableHashSet<string> Events { get; } = Set(strategy.Events.Keys);

    public ImmutableHashSet<string> Purposes { get; } = Set(strategy.Purposes);

    public ImmutableHashSet<string> Channels { get; } =
        Set(Declarations.CommonChannels.Concat(strategy.Actions.SelectMany(action => action.Treatments).Select(treatment => treatment.Channel)));

    public ImmutableHashSet<string> Placements { get; } =
        Set(strategy.Actions.SelectMany(action => action.Treatments).Select(treatment => treatment.Placement));

    /// <summary>The keys that an event may have in a step.</summary>
    public KeyTable EventKeys(EventDefinition definition) => _eventKeys.TryGetValue(definition.Name, out var keys)
        ? keys
        : _eventKeys[definition.Name] = TestLanguage.Event(definition);

    /// <summary>A funnel stage as tests write it: <c>contact_policy</c>.</summary>
    public static string Word(FunnelStage stage) => string.Concat(stage.ToString()
        .Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));

    /// <summary>Whether a name is known; reports it when it is not.</summary>
    public static bool Check(string name, ImmutableHashSet<string> known, string what, Place place, string path, Mistakes mistakes)
    {
        if (known.Contains(name))
        {
            return true;
        }

        mistakes.Add(FindingRules.UnknownName, place, path, $"the strategy has no {what} `{Shape.Short(name)}`"
            + Cures.For(name, known, known.IsEmpty ? $"; it has no {what} at all" : $"; it has {Cures.List(known.Order(StringComparer.Ordinal))}"));
        return false;
    }

    private static ImmutableHashSet<string> Set(IEnumerable<string> names) => names.ToImmutableHashSet(StringComparer.Ordinal);
}
