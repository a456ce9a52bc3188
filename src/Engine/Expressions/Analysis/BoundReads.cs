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

        foreach (var part in node.Parts())
        {
            Gather(part, reads, calls);
        }
    }
}
