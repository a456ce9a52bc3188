using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Testing;

/// <summary>What of a strategy was touched by tests, by name.</summary>
/// <param name="Rules">Rules that held for somebody.</param>
/// <param name="Actions">Actions that were offered.</param>
/// <param name="Stages">Stages that somebody was in.</param>
/// <param name="Segments">Segments that somebody belonged to.</param>
public sealed record Coverage(
    ImmutableHashSet<string> Rules, ImmutableHashSet<string> Actions, ImmutableHashSet<string> Stages, ImmutableHashSet<string> Segments)
{
    /// <summary>Nothing touched.</summary>
    public static Coverage None { get; } = new([], [], [], []);

    /// <summary>What either touched.</summary>
    public Coverage With(Coverage other) => new(Rules.Union(other.Rules), Actions.Union(other.Actions), Stages.Union(other.Stages), Segments.Union(other.Segments));

    /// <summary>What of a strategy was never touched, by kind in the strategy's words: <c>rules</c>, <c>actions</c>, <c>stages</c>, <c>segments</c>.</summary>
    public ImmutableArray<(string Kind, int Count, ImmutableArray<string> Untouched)> Against(Strategy strategy) =>
    [
        Part("rules", strategy.Rules.Select(rule => rule.Id), Rules),
        Part("actions", strategy.Actions.Select(action => action.Name), Actions),
        Part("stages", strategy.Stages.Select(stage => stage.Name), Stages),
        Part("segments", strategy.Segments.Select(segment => segment.Name), Segments),
    ];

    private static (string Kind, int Count, ImmutableArray<string> Untouched) Part(string kind, IEnumerable<string> all, ImmutableHashSet<string> touched)
    {
        var names = all.ToList();
        return (kind, names.Count, [.. names.Where(name => !touched.Contains(name))]);
    }
}
