using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Asks a node for the shape it must have.</summary>
internal static class Shape
{
    /// <summary>The mapping; null when it is something else, which is then reported.</summary>
    public static WrittenNode.Mapping? Mapping(WrittenNode node, string path, string what, Mistakes mistakes)
    {
        if (node is WrittenNode.Mapping mapping)
        {
            return mapping;
        }

        if (node.IsEmpty)
        {
            return new WrittenNode.Mapping(node.Place, [], IsFlow: false);
        }

        if (node is not WrittenNode.Broken)
        {
            mistakes.Add(FindingRules.Shape, node.Place, path, $"expected {what} as a mapping (`key: value`), but found {Seen(node)}");
        }

        return null;
    }

    /// <summary>The entries of a section whose keys the author chooses; names and their number are checked.</summary>
    public static ImmutableArray<WrittenEntry> Named(WrittenNode? node, string path, string what, int max, NameRule rule, Mistakes mistakes)
    {
        if (node is null || Mapping(node, path, what, mistakes) is not { } mapping)
        {
            return [];
        }

        if (mapping.Entries.Length > max)
        {
            mistakes.Add(FindingRules.Limit, mapping.Entries[max].Key.Place, path, $"{mapping.Entries.Length} entries; at most {max} are allowed");
        }

        var entries = ImmutableArray.CreateBuilder<WrittenEntry>();
        foreach (var entry in mapping.Entries.Take(max))
        {
            if (entries.Count > 0 && IsCutBy(entries[^1], entry, mapping) && !AreClosed(((WrittenNode.Scalar)entries[^1].Value).Text))
            {
                ReportCut(entries[^1], entry, path, mistakes);
                entries[^1] = entries[^1] with { Value = new WrittenNode.Broken(entries[^1].Value.Place) };
            }
            else if (Names.Check(entry.Key, $"{path}.{entry.Name}", rule, mistakes))
            {
                entries.Add(entry);
            }
        }

        return entries.ToImmutable();
    }

    /// <summary>Whether a key without a value may be the rest of the value before it, which YAML ended at a comma between braces.</summary>
    public static bool IsCutBy(WrittenEntry before, WrittenEntry entry, WrittenNode.Mapping mapping) =>
        mapping.IsFlow && entry.Value.IsEmpty && before.Value is WrittenNode.Scalar { IsPlain: true, IsEmpty: false };

    public static void ReportCut(WrittenEntry before, WrittenEntry entry, string path, Mistakes mistakes) => mistakes.Add(
        FindingRules.Yaml,
        entry.Key.Place,
        $"{path}.{before.Name}",
        $"YAML ends the value of `{before.Name}` at the `,` before `{Short(entry.Name)}`; put the whole value between quotes");

    /// <summary>Whether brackets and quotes are in pairs.</summary>
    private static bool AreClosed(string text) =>
        text.Count(c => c is '(' or '[' or '{') == text.Count(c => c is ')' or ']' or '}') && text.Count(c => c == '"') % 2 == 0 && text.Count(c => c == '\'') % 2 == 0;

    /// <summary>The items of a list; empty when it is something else, which is then reported.</summary>
    public static ImmutableArray<WrittenNode> Items(WrittenNode? node, string path, string what, int max, Mistakes mistakes)
    {
        switch (node)
        {
            case null or WrittenNode.Broken or { IsEmpty: true }:
                return [];
            case WrittenNode.Sequence list when list.Items.Length > max:
                mistakes.Add(FindingRules.Limit, list.Items[max].Place, path, $"{list.Items.Length} items; at most {max} are allowed");
                return [.. list.Items.Take(max)];
            case WrittenNode.Sequence list:
                return list.Items;
            default:
                mistakes.Add(FindingRules.Shape, node.Place, path, $"expected {what} as a list (`[a, b]`, or lines that begin with `- `), but found {Seen(node)}");
                return [];
        }
    }

    /// <summary>An input, cut to what an error text can hold.</summary>
    public static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..59] + "…";
    }

    public static string Seen(WrittenNode node) => node is WrittenNode.Scalar scalar ? $"`{Short(scalar.Text)}`" : node.Kind;
}
