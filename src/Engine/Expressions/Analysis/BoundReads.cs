using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Checking;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>What a checked tree reads and calls.</summary>
internal static class BoundReads
{
    public static (ImmutableArray<string> Reads, ImmutableArray<string> Calls) Of(Bound root)
    {
        var (reads, calls) = (new List<string>(), new List<string>());
        Gather(root, reads, calls);
        return ([.. reads.Distinct(StringComparer.Ordinal)], [.. calls.Distinct(StringComparer.Ordinal)]);
    }

    private static void Gather(Bound node, List<string> reads, List<string> calls)
    {
        switch (node)
        {
            case Reading reading:
                reads.Add(reading.Name);
                break;
            case OpenReading open:
                reads.Add($"{open.Namespace}.{open.Member}");
                break;
            case DeclaredInvocation call:
                calls.Add(call.Function.Name);
                break;
        }

        foreach (var part in Parts(node))
        {
            Gather(part, reads, calls);
        }
    }

    private static IEnumerable<Bound> Parts(Bound node) => node switch
    {
        Converted converted => [converted.Inner],
        Invocation call => call.Arguments,
        DynamicInvocation call => call.Arguments,
        DeclaredInvocation call => call.Arguments,
        PatternMatch match => [match.Text],
        Logical logical => [logical.Left, logical.Right],
        Negation negation => [negation.Operand],
        Choice choice => [choice.Condition, choice.Then, choice.Else],
        Ordering ordering => [ordering.Left, ordering.Right],
        Equality equality => [equality.Left, equality.Right],
        NullTest test => [test.Operand],
        Membership membership => [membership.Item, membership.Range],
        Lookup lookup => [lookup.Target, lookup.Key],
        Presence presence => [presence.Target, presence.Key],
        ListBuilding list => list.Items,
        MapBuilding map => map.Entries.SelectMany(entry => new[] { entry.Key, entry.Value }),
        Comprehension walk => walk.Filter is null ? [walk.Range, walk.Body] : [walk.Range, walk.Filter, walk.Body],
        _ => [],
    };
}
