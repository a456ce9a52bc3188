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
            mistakes.Add(node.Place, path, $"expected {what} as a mapping (`key: value`), but found {Seen(node)}");
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
            mistakes.Add(mapping.Entries[max].Key.Place, path, $"{mapping.Entries.Length} entries; at most {max} are allowed");
            return [.. mapping.Entries.Take(max).Where(entry => Names.Check(entry.Key, $"{path}.{entry.Name}", rule, mistakes))];
        }

        return [.. mapping.Entries.Where(entry => Names.Check(entry.Key, $"{path}.{entry.Name}", rule, mistakes))];
    }

    /// <summary>The items of a list; empty when it is something else, which is then reported.</summary>
    public static ImmutableArray<WrittenNode> Items(WrittenNode? node, string path, string what, int max, Mistakes mistakes)
    {
        switch (node)
        {
            case null or WrittenNode.Broken or { IsEmpty: true }:
                return [];
            case WrittenNode.Sequence list when list.Items.Length > max:
                mistakes.Add(list.Items[max].Place, path, $"{list.Items.Length} items; at most {max} are allowed");
                return [.. list.Items.Take(max)];
            case WrittenNode.Sequence list:
                return list.Items;
            default:
                mistakes.Add(node.Place, path, $"expected {what} as a list (`[a, b]`, or lines that begin with `- `), but found {Seen(node)}");
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
