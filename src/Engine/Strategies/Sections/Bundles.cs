using Decisioning.Engine.Actions;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>Checks that actions written as a bundle can ever be offered together.</summary>
internal static class Bundles
{
    /// <summary>Reports bundles that cannot be.</summary>
    /// <param name="bundles">The actions that have one, as written.</param>
    /// <param name="actions">All actions, by index.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public static void Check(IEnumerable<(ActionDefinition Action, Fields Fields)> bundles, IReadOnlyList<ActionDefinition> actions, Mistakes mistakes)
    {
        foreach (var (action, fields) in bundles)
        {
            if (Problem(action, actions) is { } problem)
            {
                mistakes.Add(fields.PlaceOf("bundle"), fields.PathOf("bundle"), problem);
            }
        }
    }

    private static string? Problem(ActionDefinition action, IReadOnlyList<ActionDefinition> actions)
    {
        if (action.Bundle.Contains(action.Index))
        {
            return $"`{action.Name}` is of its own bundle; leave it out";
        }

        List<ActionDefinition> together = [action];
        for (var i = 0; i < together.Count; i++)
        {
            together.AddRange(together[i].Bundle.Where(member => together.TrueForAll(one => one.Index != member)).Select(member => actions[member]));
        }

        if (together.Count > Limits.BundleMax)
        {
            return $"{together.Count} actions come together with the bundles of its bundle; at most {Limits.BundleMax} are offered together";
        }

        if (together.Find(one => one.IsFallback) is { } fallback)
        {
            return $"`{fallback.Name}` is a fallback, which stands in where nothing else is; a bundle cannot have one";
        }

        var alike = together.Where(one => one.Exclusive is not null).GroupBy(one => one.Exclusive, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        return alike is null
            ? null
            : $"`{alike.First().Name}` and `{alike.ElementAt(1).Name}` exclude each other as `{alike.Key}`; they cannot be offered together";
    }
}
