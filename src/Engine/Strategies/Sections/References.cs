using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>Reads names of things declared elsewhere in the strategy, and lists of texts.</summary>
internal static class References
{
    /// <summary>A name that must be among the known ones; null when it is not, which is then reported.</summary>
    /// <param name="node">What is written.</param>
    /// <param name="path">Where.</param>
    /// <param name="what">What it names: <c>stage</c>.</param>
    /// <param name="known">The names there are.</param>
    /// <param name="cure">What to do when no known name is near.</param>
    /// <param name="names">Whether the strategy is whole; a name may stand in a file that could not be read.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public static string? One(WrittenNode? node, string path, string what, IEnumerable<string> known, string cure, Declarations names, Mistakes mistakes)
    {
        if (node is null || Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (known.Contains(text))
        {
            return text;
        }

        if (names.IsWhole)
        {
            mistakes.Add(FindingRules.UnknownName, node.Place, path, $"unknown {what} `{Shape.Short(text)}`{Cures.For(text, known, $"; {cure}")}");
        }

        return null;
    }

    public static string? Channel(WrittenNode? node, string path, Declarations names, Mistakes mistakes) =>
        One(node, path, "channel", names.Channels, $"known are {Cures.List(names.Channels)}; name others under `channels`", names, mistakes);

    /// <summary>The events something counts: a name, a list of names, or <c>any</c>. Empty for all; null after a mistake.</summary>
    public static ImmutableArray<string>? Events(WrittenNode node, string path, Declarations names, Mistakes mistakes)
    {
        if (node is WrittenNode.Scalar { Text: "any" })
        {
            return [];
        }

        return Events(node, path, names.Events.Keys, names, mistakes);
    }

    /// <summary>The events at which something is done: a name or a list of names, of the given ones; null after a mistake.</summary>
    public static ImmutableArray<string>? Events(WrittenNode node, string path, IEnumerable<string> known, Declarations names, Mistakes mistakes)
    {
        if (node is WrittenNode.Scalar { Text: "any" })
        {
            mistakes.Add(FindingRules.BadValue, node.Place, path, "`any` is not possible here; name the events");
            return null;
        }

        var items = node is WrittenNode.Sequence ? Shape.Items(node, path, "the events", Limits.EventsPerFeatureMax, mistakes) : [node];
        var events = items
            .Select(item => Event(item, path, known, names, mistakes))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        if (items.Length == 0)
        {
            mistakes.Add(FindingRules.EmptyValue, node.Place, path, "the list of events is empty; name one, or write `any`");
        }

        return events.Length == 0 ? null : events;
    }

    private static string? Event(WrittenNode node, string path, IEnumerable<string> known, Declarations names, Mistakes mistakes)
    {
        if (node is WrittenNode.Scalar { Text: var text } && !known.Contains(text) && Transitions.CureFor(text) is { } cure)
        {
            mistakes.Add(node.Place, path, $"`{text}` {cure}");
            return null;
        }

        return One(node, path, "event", known, "declare it under `events`", names, mistakes);
    }

    /// <summary>A list of different texts.</summary>
    public static ImmutableArray<string> Texts(WrittenNode? node, string path, string what, int max, Mistakes mistakes)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in Shape.Items(node, path, what, max, mistakes))
        {
            if (Literals.Text(item, path, mistakes) is not { } text)
            {
                continue;
            }

            if (seen.Add(text))
            {
                texts.Add(text);
            }
            else
            {
                mistakes.Add(FindingRules.DuplicateId, item.Place, path, $"`{Shape.Short(text)}` is listed twice; leave one out");
            }
        }

        return texts.ToImmutable();
    }
}
