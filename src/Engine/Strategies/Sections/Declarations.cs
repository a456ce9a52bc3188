using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>
/// Every name of a strategy that another place may refer to, gathered before anything is compiled, so that order does not matter
/// and a thing with a mistake in it does not make those that refer to it wrong. Reports nothing itself but for profile and events.
/// </summary>
internal sealed record Declarations
{
    /// <summary>Channels every strategy knows.</summary>
    public static ImmutableArray<string> CommonChannels { get; } = ["web", "app", "email", "sms", "push", "phone", "agent", "social", "post"];

    public required bool IsWhole { get; init; }

    /// <summary>Templates that are files of their own, by their names under <c>templates/</c>.</summary>
    public required ImmutableSortedDictionary<string, TemplateFile> Templates { get; init; }

    public required ImmutableArray<PropertyType> Profile { get; init; }

    public required FrozenDictionary<string, EventDefinition> Events { get; init; }

    /// <summary>The events the engine makes itself, which only rules with <c>on</c> see.</summary>
    public FrozenDictionary<string, EventDefinition> Transitions { get; private init; } = FrozenDictionary<string, EventDefinition>.Empty;

    public required ImmutableArray<string> Features { get; init; }

    public required ImmutableArray<string> Segments { get; init; }

    /// <summary>Tags that rules give, in ordinal order.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>The levels of tags that have an order, lowest first.</summary>
    public required ImmutableDictionary<string, ImmutableArray<string>> TagLevels { get; init; }

    public required ImmutableArray<string> Scores { get; init; }

    /// <summary>Per score its grades, lowest first.</summary>
    public required ImmutableDictionary<string, ImmutableArray<string>> Grades { get; init; }

    /// <summary>Per score its cap; null for none.</summary>
    public required ImmutableDictionary<string, double?> ScoreCaps { get; init; }

    public required ImmutableArray<string> Stages { get; init; }

    public required ImmutableArray<string> Calendars { get; init; }

    public required ImmutableArray<string> Channels { get; init; }

    public required ImmutableArray<string> Purposes { get; init; }

    /// <summary>Actions with their issues and groups, in the author's order.</summary>
    public required ImmutableArray<DeclaredAction> Actions { get; init; }

    /// <summary>Index of an action by name; of a name given twice the first.</summary>
    public required ImmutableDictionary<string, int> ActionIndex { get; init; }

    public static Declarations Gather(StrategyDocument document, Mistakes mistakes)
    {
        var sections = document.Sections;
        var actions = ActionsOf(sections.GetValueOrDefault("issues"));
        var scores = Entries(sections.GetValueOrDefault("scores"));
        var names = new Declarations
        {
            IsWhole = document.IsWhole,
            Templates = document.Templates.ToImmutableSortedDictionary(file => file.Key, file => new TemplateFile(file.Value), StringComparer.Ordinal),
            Profile = TypedProperties.ReadProfile(sections.GetValueOrDefault("profile"), mistakes),
            Events = TypedProperties.ReadEvents(sections.GetValueOrDefault("events"), mistakes),
            Features = Keys(sections.GetValueOrDefault("features")),
            Segments = Keys(sections.GetValueOrDefault("segments")),
            Tags = TagsOf(sections.GetValueOrDefault("rules")),
            TagLevels = Entries(sections.GetValueOrDefault("tags")).ToImmutableDictionary(
                entry => entry.Name, entry => Texts(entry.Value).Distinct(StringComparer.Ordinal).ToImmutableArray(), StringComparer.Ordinal),
            Scores = [.. scores.Select(entry => entry.Name)],
            Grades = scores.ToImmutableDictionary(entry => entry.Name, entry => GradesOf(entry.Value), StringComparer.Ordinal),
            ScoreCaps = scores.ToImmutableDictionary(entry => entry.Name, entry => Child(entry.Value, "cap") is { } cap && Number(cap) is { } number ? (double?)number : null, StringComparer.Ordinal),
            Stages = Keys(sections.GetValueOrDefault("journey")),
            Calendars = Keys(sections.GetValueOrDefault("calendars")),
            Channels = [.. CommonChannels.Concat(Texts(sections.GetValueOrDefault("channels"))).Distinct(StringComparer.Ordinal)],
            Purposes = [.. Texts(Child(sections.GetValueOrDefault("consent"), "purposes")).Distinct(StringComparer.Ordinal).Take(Limits.PurposesMax)],
            Actions = actions,
            WeightTargets = actions
                .SelectMany(action => (string[])[$"issue.{action.Issue}", $"group.{action.Group}", $"action.{action.Name}"])
                .ToFrozenSet(StringComparer.Ordinal),
            ActionIndex = actions.Index().DistinctBy(pair => pair.Item.Name).ToImmutableDictionary(pair => pair.Item.Name, pair => pair.Index, StringComparer.Ordinal),
        };
        return names with { Transitions = Sections.Transitions.Of(names) };
    }

    /// <summary>What a weight can be for: <c>issue.NAME</c>, <c>group.NAME</c>, <c>action.NAME</c>.</summary>
    public required FrozenSet<string> WeightTargets { get; init; }

    /// <summary>An event by a name that was checked, be it a customer's or the engine's.</summary>
    public EventDefinition EventNamed(string name) => Events.TryGetValue(name, out var definition) ? definition : Transitions[name];

    /// <summary>Channels conditions may ask consent for: all, and the one that stands for all.</summary>
    public IEnumerable<string> ConsentChannels => Channels.Append(ConsentState.AnyChannel).Distinct(StringComparer.Ordinal);

    private static ImmutableArray<WrittenEntry> Entries(WrittenNode? node) => node is WrittenNode.Mapping mapping ? mapping.Entries : [];

    private static ImmutableArray<WrittenNode> Items(WrittenNode? node) => node is WrittenNode.Sequence list ? list.Items : [];

    private static WrittenNode? Child(WrittenNode? node, string key) =>
        Entries(node).Where(entry => entry.Name == key).Select(entry => entry.Value).FirstOrDefault();

    private static ImmutableArray<string> Keys(WrittenNode? node) => [.. Entries(node).Select(entry => entry.Name)];

    private static IEnumerable<string> Texts(WrittenNode? node) => Items(node).OfType<WrittenNode.Scalar>().Select(item => item.Text);

    private static double? Number(WrittenNode node) =>
        node is WrittenNode.Scalar scalar && Literals.TryNumber(scalar.Text, out var number) ? number : null;

    private static ImmutableArray<string> TagsOf(WrittenNode? rules) =>
        [.. Items(rules)
            .SelectMany(rule => Items(Child(rule, "then")))
            .Select(effect => Child(Child(effect, "tag"), "name"))
            .OfType<WrittenNode.Scalar>()
            .Select(name => name.Text)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    private static ImmutableArray<string> GradesOf(WrittenNode score) =>
        [.. Entries(Child(score, "grades"))
            .Where(entry => entry.Name != "hysteresis")
            .OrderBy(entry => Number(entry.Value) ?? 0)
            .Select(entry => entry.Name)];

    private static ImmutableArray<DeclaredAction> ActionsOf(WrittenNode? issues) =>
        [.. from issue in Entries(issues)
            from @group in Entries(issue.Value)
            where !ActionLevel.IsKey(@group.Name)
            from action in Entries(@group.Value)
            where !ActionLevel.IsKey(action.Name)
            select new DeclaredAction(issue.Name, @group.Name, action.Name, action.Key.Place, action.Value)];
}

/// <summary>An action as written.</summary>
internal sealed record DeclaredAction(string Issue, string Group, string Name, Place Place, WrittenNode Body);
