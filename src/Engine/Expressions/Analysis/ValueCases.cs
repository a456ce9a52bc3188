using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>
/// Values that stand for all values a term can have, as far as some tests of it can tell: every constant compared with, one value
/// between each two neighbours, one beyond each end, null where it can be, and the error. If no one of them meets a set of tests, nothing does.
/// </summary>
internal static class ValueCases
{
    /// <summary>The cases; null stands for a term that cannot be evaluated.</summary>
    /// <param name="term">The term.</param>
    /// <param name="tests">All tests of it that are asked together.</param>
    public static ImmutableArray<Dyn?> Of(Term term, IEnumerable<Leaf> tests)
    {
        var constants = tests.SelectMany(ConstantsOf).ToList();
        var cases = ImmutableArray.CreateBuilder<Dyn?>();
        var type = term.Type.WithoutNull();
        if (term.Type is CelType.EnumerationOf ranked)
        {
            cases.AddRange(Enumerable.Range(0, ranked.Values.Length).Select(rank => (Dyn?)Dyn.Of((long)rank)));
            return cases.ToImmutable();
        }

        if (type == CelType.Bool || type == CelType.Dyn)
        {
            cases.AddRange(Dyn.Of(true), Dyn.Of(false));
        }

        if (type == CelType.Int || type == CelType.UInt || type == CelType.Double || type == CelType.Dyn)
        {
            cases.AddRange(Numbers(constants, type, term.Domain as VariableDomain.Range));
        }

        if (type == CelType.String || type == CelType.Dyn)
        {
            cases.AddRange(Texts(constants, term.Domain as VariableDomain.Choice));
        }

        if (type == CelType.Timestamp || type == CelType.Dyn)
        {
            cases.AddRange(Ticks(constants, DynKind.Timestamp).Where(InTime).Select(ticks => (Dyn?)Dyn.Of(new DateTimeOffset(ticks, TimeSpan.Zero))));
        }

        if (type == CelType.Duration || type == CelType.Dyn)
        {
            cases.AddRange(Ticks(constants, DynKind.Duration).Select(ticks => (Dyn?)Dyn.Of(new TimeSpan(ticks))));
        }

        if (term.Type is CelType.NullableOf || type == CelType.Dyn)
        {
            cases.Add(Dyn.Null);
        }

        // A plain reading always has a value; a part that is computed may fail.
        if (!term.IsRead || cases.Count == 0)
        {
            cases.Add(null);
        }

        return cases.ToImmutable();
    }

    private static IEnumerable<Dyn> ConstantsOf(Leaf leaf) => leaf switch
    {
        Leaf.Compare compare => [compare.Constant],
        Leaf.Among among => among.Constants,
        _ => [],
    };

    private static IEnumerable<Dyn?> Numbers(List<Dyn> constants, CelType type, VariableDomain.Range? domain)
    {
        var points = constants.Select(NumberOf).OfType<double>().ToList();
        points.AddRange(domain is null ? [] : [domain.Min, domain.Max]);
        points.AddRange(type == CelType.UInt ? [0] : []);
        var isWhole = type == CelType.Int || type == CelType.UInt;
        return Between([.. points.Where(double.IsFinite)], isWhole)
            .Where(point => domain is null || (point >= domain.Min && point <= domain.Max))
            .Where(point => type != CelType.UInt || point >= 0)
            .Select(point => (Dyn?)(type == CelType.UInt ? Dyn.Of((ulong)point) : isWhole ? Dyn.Of((long)point) : Dyn.Of(point)));
    }

    /// <summary>The points, and one between each two and beyond each end; of whole numbers the nearest ones to each point.</summary>
    private static IEnumerable<double> Between(IReadOnlyList<double> points, bool isWhole)
    {
        if (points.Count == 0)
        {
            return [0];
        }

        var sorted = points.Distinct().Order().ToList();
        return isWhole
            ? sorted.SelectMany(point => (double[])[Math.Ceiling(point) - 1, Math.Floor(point), Math.Ceiling(point), Math.Floor(point) + 1]).Distinct()
            : sorted.Concat(sorted.Zip(sorted.Skip(1), (a, b) => (a / 2) + (b / 2))).Prepend(sorted[0] - 1).Append(sorted[^1] + 1);
    }

    private static double? NumberOf(Dyn constant) => constant.Kind switch
    {
        DynKind.Int => constant.Int,
        DynKind.UInt => constant.UInt,
        DynKind.Double => constant.Double,
        _ => null,
    };

    private static IEnumerable<Dyn?> Texts(List<Dyn> constants, VariableDomain.Choice? domain)
    {
        if (domain is not null)
        {
            return domain.Values.Select(text => (Dyn?)Dyn.Of(text));
        }

        // Texts have an order too: right after a text comes the same with the least character behind it.
        var known = constants.Where(constant => constant.Kind == DynKind.String).Select(constant => constant.String).ToList();
        return known.SelectMany(text => (string[])[text, text + "\0"]).Append("").Append("\uFFFD\uFFFD").Distinct(StringComparer.Ordinal).Select(text => (Dyn?)Dyn.Of(text));
    }

    private static IEnumerable<long> Ticks(List<Dyn> constants, DynKind kind) => constants
        .Where(constant => constant.Kind == kind)
        .Select(constant => kind == DynKind.Timestamp ? constant.Timestamp.UtcTicks : constant.Duration.Ticks)
        .SelectMany(ticks => (long[])[ticks - 1, ticks, ticks + 1])
        .DefaultIfEmpty(0)
        .Distinct();

    private static bool InTime(long ticks) => ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks;
}
