using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>segments</c>: compiled, and put in an order in which each refers only to earlier ones.</summary>
internal static class SegmentsSection
{
    private const string Prefix = "segments.";

    /// <summary>The segments, and the schema that knows them by their final order.</summary>
    public static (ImmutableArray<Segment> Segments, StrategySchema Schema) Compile(WrittenNode? node, StrategySchema schema, Mistakes mistakes)
    {
        var entries = Shape.Named(node, "segments", "the segments", Limits.SegmentsMax, NameRule.Identifier, mistakes);
        var known = schema.WithSegments([.. entries.Select(entry => entry.Name)]);
        var conditions = entries.ToDictionary(
            entry => entry.Name,
            entry => entry.Value.IsEmpty ? Missing(entry, mistakes) : Conditions.Compile(entry.Value, Prefix + entry.Name, known.WithoutEvent, mistakes),
            StringComparer.Ordinal);
        var order = Order(entries, conditions, mistakes);
        if (mistakes.Any || order.SequenceEqual(entries.Select(entry => entry.Name)))
        {
            return ([.. order.Where(name => conditions[name] is not null).Select((name, index) => new Segment(index, name, conditions[name]!))], known);
        }

        // The order decides the index by which a compiled condition reads a segment: compile again with the right ones.
        var ordered = schema.WithSegments(order);
        var byName = entries.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        return ([.. order.Select((name, index) => new Segment(index, name, Conditions.Compile(byName[name], Prefix + name, ordered.WithoutEvent, mistakes)!))], ordered);
    }

    private static Condition? Missing(WrittenEntry entry, Mistakes mistakes)
    {
        mistakes.Add(FindingRules.EmptyValue, entry.Key.Place, Prefix + entry.Name, $"the segment `{entry.Name}` has no condition; write who belongs to it, such as `features.orders > 0`");
        return null;
    }

    private static ImmutableArray<string> Order(ImmutableArray<WrittenEntry> entries, Dictionary<string, Condition?> conditions, Mistakes mistakes)
    {
        var order = ImmutableArray.CreateBuilder<string>(entries.Length);
        var state = entries.ToDictionary(entry => entry.Name, _ => Visit.None, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            Walk(entry.Name);
        }

        return order.ToImmutable();

        // Each segment goes after those it reads; the path walked so far shows a cycle. Depth is at most the number of segments.
        void Walk(string start)
        {
            var path = new Stack<(string Name, IEnumerator<string> Reads)>();
            Enter(start);
            while (path.TryPeek(out var top))
            {
                if (!top.Reads.MoveNext())
                {
                    path.Pop();
                    state[top.Name] = Visit.Done;
                    order.Add(top.Name);
                }
                else if (state[top.Reads.Current] == Visit.Open)
                {
                    ReportCycle([.. path.Select(step => step.Name).Reverse()], top.Reads.Current);
                }
                else
                {
                    Enter(top.Reads.Current);
                }
            }

            void Enter(string name)
            {
                if (state[name] == Visit.None)
                {
                    state[name] = Visit.Open;
                    path.Push((name, ReadsOf(name).GetEnumerator()));
                }
            }
        }

        IEnumerable<string> ReadsOf(string name) => conditions[name]?.Expression.Reads
            .Where(read => read.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(read => read[Prefix.Length..])
            .Where(state.ContainsKey) ?? [];

        void ReportCycle(ImmutableArray<string> path, string back)
        {
            var place = entries.First(entry => entry.Name == path[^1]).Value.Place;
            var cycle = path.SkipWhile(name => name != back).Append(back).Select(name => $"`{name}`");
            mistakes.Add(FindingRules.Cycle, place, Prefix + path[^1], $"segments go round in a circle: {string.Join(" needs ", cycle)}; take one of them out of the other's condition");
        }
    }

    private enum Visit
    {
        None,
        Open,
        Done,
    }
}
