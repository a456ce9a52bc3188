namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>CEL's equality and ordering of values of any kind. Numbers compare by value across int, uint and double.</summary>
internal static class DynEquality
{
    /// <summary>What <see cref="Compare(Dyn, Dyn, out int)"/> gives when neither is smaller nor are they equal: a NaN is among them.</summary>
    public const int Unordered = 2;

    private const double TwoTo63 = 9_223_372_036_854_775_808.0;

    public static IEqualityComparer<Dyn> Keys { get; } = new KeyComparer();

    public static bool Equal(Dyn a, Dyn b)
    {
        if (a.Kind != b.Kind)
        {
            return IsNumber(a) && IsNumber(b) && CompareNumbers(a, b) == 0;
        }

        return a.Kind switch
        {
            DynKind.Null => true,
            DynKind.Bool or DynKind.Int or DynKind.UInt or DynKind.Timestamp or DynKind.Duration => a.Int == b.Int,
            DynKind.Double => a.Double == b.Double,
            DynKind.String => a.String == b.String,
            DynKind.Bytes => a.Bytes.AsSpan().SequenceEqual(b.Bytes.AsSpan()),
            DynKind.List => EqualLists(a.List, b.List),
            DynKind.Map => EqualMaps(a.Map, b.Map),
            _ => a.Type == b.Type,
        };
    }

    public static bool EqualBytes(System.Collections.Immutable.ImmutableArray<byte> a, System.Collections.Immutable.ImmutableArray<byte> b) => a.AsSpan().SequenceEqual(b.AsSpan());

    public static bool Contains(CelList list, Dyn item)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (Equal(list[i], item))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>-1, 0, 1 or <see cref="Unordered"/>; a fault when the kinds have no order.</summary>
    public static Fault Compare(Dyn a, Dyn b, out int order)
    {
        order = Unordered;
        if (IsNumber(a) && IsNumber(b))
        {
            order = CompareNumbers(a, b);
            return Fault.None;
        }

        if (a.Kind == DynKind.Null || b.Kind == DynKind.Null)
        {
            return Fault.Missing;
        }

        if (a.Kind != b.Kind)
        {
            return Fault.WrongType;
        }

        switch (a.Kind)
        {
            case DynKind.Bool or DynKind.Timestamp or DynKind.Duration:
                order = a.Int.CompareTo(b.Int);
                return Fault.None;
            case DynKind.String:
                order = CompareText(a.String, b.String);
                return Fault.None;
            case DynKind.Bytes:
                order = CompareBytes(a.Bytes, b.Bytes);
                return Fault.None;
            default:
                return Fault.WrongType;
        }
    }

    /// <summary>By code point, as CEL orders texts; UTF-16 order differs beyond the basic plane.</summary>
    public static int CompareText(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] != b[i])
            {
                var (surrogateA, surrogateB) = (char.IsSurrogate(a[i]), char.IsSurrogate(b[i]));
                return surrogateA == surrogateB ? Math.Sign(a[i] - b[i]) : surrogateA ? 1 : -1;
            }
        }

        return Math.Sign(a.Length - b.Length);
    }

    public static int CompareBytes(System.Collections.Immutable.ImmutableArray<byte> a, System.Collections.Immutable.ImmutableArray<byte> b) =>
        Math.Sign(a.AsSpan().SequenceCompareTo(b.AsSpan()));

    public static int CompareNumbers(Dyn a, Dyn b) => (a.Kind, b.Kind) switch
    {
        (DynKind.Int, DynKind.Int) => a.Int.CompareTo(b.Int),
        (DynKind.UInt, DynKind.UInt) => a.UInt.CompareTo(b.UInt),
        (DynKind.Double, DynKind.Double) => Compare(a.Double, b.Double),
        (DynKind.Int, DynKind.UInt) => Compare(a.Int, b.UInt),
        (DynKind.UInt, DynKind.Int) => -Compare(b.Int, a.UInt),
        (DynKind.Int, DynKind.Double) => Compare(a.Int, b.Double),
        (DynKind.Double, DynKind.Int) => Mirror(Compare(b.Int, a.Double)),
        (DynKind.UInt, DynKind.Double) => Compare(a.UInt, b.Double),
        _ => Mirror(Compare(b.UInt, a.Double)),
    };

    public static int Compare(double a, double b) => a < b ? -1 : a > b ? 1 : a == b ? 0 : Unordered;

    public static int Compare(long a, ulong b) => a < 0 ? -1 : ((ulong)a).CompareTo(b);

    public static int Compare(long a, double b) => b switch
    {
        double.NaN => Unordered,
        > TwoTo63 => -1,
        // The largest ints come to this as doubles, and are equal to it: so the conformance suite has it.
        TwoTo63 => Compare((double)a, b),
        < -TwoTo63 => 1,
        // The whole part is exact as a long; the fraction decides between equals.
        _ => a.CompareTo((long)b) is not 0 and var order ? order : -Math.Sign(b - Math.Truncate(b)),
    };

    public static int Compare(ulong a, double b) => b switch
    {
        double.NaN => Unordered,
        > TwoTo63 * 2 => -1,
        TwoTo63 * 2 => Compare((double)a, b),
        < 0 => 1,
        _ => a.CompareTo((ulong)b) is not 0 and var order ? order : -Math.Sign(b - Math.Truncate(b)),
    };

    private static int Mirror(int order) => order == Unordered ? Unordered : -order;

    public static bool IsNumber(Dyn value) => value.Kind is DynKind.Int or DynKind.UInt or DynKind.Double;

    private static bool EqualLists(CelList a, CelList b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        for (var i = 0; i < a.Count; i++)
        {
            if (!Equal(a[i], b[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool EqualMaps(CelMap a, CelMap b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        for (var i = 0; i < a.Count; i++)
        {
            var key = a.KeyAt(i);
            if (!b.TryFind(key, out var right) || !a.TryFind(key, out var left) || !Equal(left, right))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class KeyComparer : IEqualityComparer<Dyn>
    {
        public bool Equals(Dyn x, Dyn y) => Equal(x, y);

        // Equal numbers must hash alike whatever their type; as doubles they do.
        public int GetHashCode(Dyn key) => key.Kind switch
        {
            DynKind.String => string.GetHashCode(key.String, StringComparison.Ordinal),
            DynKind.Int => ((double)key.Int).GetHashCode(),
            DynKind.UInt => ((double)key.UInt).GetHashCode(),
            DynKind.Double => key.Double.GetHashCode(),
            DynKind.Bool => key.Bool ? 1 : 0,
            _ => (int)key.Kind,
        };
    }
}
