using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>Which type may stand where another is wanted.</summary>
internal static class TypeRules
{
    public static bool IsNumber(this CelType type) => type == CelType.Int || type == CelType.UInt || type == CelType.Double;

    public static CelType WithoutNull(this CelType type) => type is CelType.NullableOf nullable ? nullable.Inner : type;

    /// <summary>With its article, for error texts: `a string`, `an int`.</summary>
    public static string WithArticle(this CelType type) => type == CelType.Null ? "null" : type.ToString() is var text && "aeiou".Contains(text[0], StringComparison.Ordinal) && !text.StartsWith("uint", StringComparison.Ordinal) ? $"an {text}" : $"a {text}";

    /// <summary>Whether it fits without looking at the value, but for null.</summary>
    public static bool Fits(CelType from, CelType to)
    {
        if (from == to || to == CelType.Dyn)
        {
            return true;
        }

        return (from.WithoutNull(), to) switch
        {
            ({ } inner, CelType.NullableOf nullable) => from == CelType.Null || Fits(inner, nullable.Inner),
            (CelType.ListOf a, CelType.ListOf b) => Accepts(a.Element, b.Element),
            (CelType.MapOf a, CelType.MapOf b) => Accepts(a.Key, b.Key) && Accepts(a.Value, b.Value),
            (CelType.EnumerationOf, _) => to == CelType.String,
            ({ } inner, _) => inner == to,
        };
    }

    /// <summary>Whether it may fit; a dyn is looked at when it runs.</summary>
    public static bool Accepts(CelType from, CelType to) => from == CelType.Dyn || Fits(from, to);

    /// <summary>Whether values of the two may be equal.</summary>
    public static bool Comparable(CelType a, CelType b) =>
        a == CelType.Dyn || b == CelType.Dyn
        || (a.IsNumber() && b.IsNumber())
        || (a is CelType.NullableOf && b == CelType.Null)
        || (b is CelType.NullableOf && a == CelType.Null)
        || (a.WithoutNull(), b.WithoutNull()) switch
        {
            (CelType.ListOf x, CelType.ListOf y) => Comparable(x.Element, y.Element),
            (CelType.MapOf x, CelType.MapOf y) => Comparable(x.Key, y.Key) && Comparable(x.Value, y.Value),
            var (x, y) => x == y || (x.IsNumber() && y.IsNumber()),
        };

    /// <summary>The elements of an empty list: they take the type of whatever stands beside them. Never the type of a node.</summary>
    public static CelType Open { get; } = CelType.Enumeration("open");

    /// <summary>The type with dyn for what stayed open.</summary>
    public static CelType Settled(CelType type) => type == Open ? CelType.Dyn : type is CelType.ListOf list ? CelType.List(Settled(list.Element)) : type;

    /// <summary>The type of a place that holds either; null when there is none but dyn.</summary>
    public static CelType? Join(CelType a, CelType b)
    {
        if (a == b || b == Open)
        {
            return a;
        }

        if (a == Open)
        {
            return b;
        }

        if (a == CelType.Dyn || b == CelType.Dyn)
        {
            return CelType.Dyn;
        }

        if (a == CelType.Null || b == CelType.Null)
        {
            return CelType.Nullable(a == CelType.Null ? b : a);
        }

        if (a is CelType.NullableOf || b is CelType.NullableOf)
        {
            return Join(a.WithoutNull(), b.WithoutNull()) is { } inner ? CelType.Nullable(inner) : null;
        }

        return (a, b) switch
        {
            (CelType.ListOf x, CelType.ListOf y) => CelType.List(Join(x.Element, y.Element) ?? CelType.Dyn),
            (CelType.MapOf x, CelType.MapOf y) => CelType.Map(Join(x.Key, y.Key) ?? CelType.Dyn, Join(x.Value, y.Value) ?? CelType.Dyn),
            _ => null,
        };
    }

    /// <summary>The kind that values of a type have when they run; null for those of any kind.</summary>
    public static DynKind? KindOf(CelType type) => type switch
    {
        CelType.ListOf => DynKind.List,
        CelType.MapOf => DynKind.Map,
        CelType.EnumerationOf => DynKind.String,
        CelType.Scalar { Name: "bool" } => DynKind.Bool,
        CelType.Scalar { Name: "int" } => DynKind.Int,
        CelType.Scalar { Name: "uint" } => DynKind.UInt,
        CelType.Scalar { Name: "double" } => DynKind.Double,
        CelType.Scalar { Name: "string" } => DynKind.String,
        CelType.Scalar { Name: "bytes" } => DynKind.Bytes,
        CelType.Scalar { Name: "timestamp" } => DynKind.Timestamp,
        CelType.Scalar { Name: "duration" } => DynKind.Duration,
        CelType.Scalar { Name: "null" } => DynKind.Null,
        CelType.Scalar { Name: "type" } => DynKind.Type,
        _ => null,
    };

    public static CelType TypeOf(DynKind kind) => kind switch
    {
        DynKind.Bool => CelType.Bool,
        DynKind.Int => CelType.Int,
        DynKind.UInt => CelType.UInt,
        DynKind.Double => CelType.Double,
        DynKind.String => CelType.String,
        DynKind.Bytes => CelType.Bytes,
        DynKind.Timestamp => CelType.Timestamp,
        DynKind.Duration => CelType.Duration,
        DynKind.List => CelType.List(CelType.Dyn),
        DynKind.Map => CelType.Map(CelType.Dyn, CelType.Dyn),
        DynKind.Type => CelType.Type,
        _ => CelType.Null,
    };
}
