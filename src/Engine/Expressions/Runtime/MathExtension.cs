namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>CEL's extension of numbers.</summary>
internal static class MathExtension
{
    [Cel("math.greatest")]
    public static long Greatest(long a, long b) => Math.Max(a, b);

    [Cel("math.greatest")]
    public static ulong Greatest(ulong a, ulong b) => Math.Max(a, b);

    [Cel("math.greatest")]
    public static double Greatest(double a, double b) => Math.Max(a, b);

    [Cel("math.greatest")]
    public static Fault Greatest(Dyn a, Dyn b, out Dyn greatest) => Extreme(a, b, 1, out greatest);

    /// <summary>Of the numbers of a list that has some, or of one number.</summary>
    [Cel("math.greatest")]
    public static Fault Greatest(Dyn of, out Dyn greatest) => Extreme(of, 1, out greatest);

    [Cel("math.least")]
    public static long Least(long a, long b) => Math.Min(a, b);

    [Cel("math.least")]
    public static ulong Least(ulong a, ulong b) => Math.Min(a, b);

    [Cel("math.least")]
    public static double Least(double a, double b) => Math.Min(a, b);

    [Cel("math.least")]
    public static Fault Least(Dyn a, Dyn b, out Dyn least) => Extreme(a, b, -1, out least);

    [Cel("math.least")]
    public static Fault Least(Dyn of, out Dyn least) => Extreme(of, -1, out least);

    [Cel("math.ceil")]
    public static double Ceil(double value) => Math.Ceiling(value);

    [Cel("math.floor")]
    public static double Floor(double value) => Math.Floor(value);

    /// <summary>To the nearest whole number, halves away from zero.</summary>
    [Cel("math.round")]
    public static double Round(double value) => Math.Round(value, MidpointRounding.AwayFromZero);

    [Cel("math.trunc")]
    public static double Trunc(double value) => Math.Truncate(value);

    [Cel("math.sqrt")]
    public static double Sqrt(double value) => Math.Sqrt(value);

    [Cel("math.sqrt")]
    public static double Sqrt(long value) => Math.Sqrt(value);

    [Cel("math.sqrt")]
    public static double Sqrt(ulong value) => Math.Sqrt(value);

    [Cel("math.abs")]
    public static Fault Abs(long value, out long absolute)
    {
        absolute = value == long.MinValue ? 0 : Math.Abs(value);
        return value == long.MinValue ? Fault.Overflow : Fault.None;
    }

    [Cel("math.abs")]
    public static ulong Abs(ulong value) => value;

    [Cel("math.abs")]
    public static double Abs(double value) => Math.Abs(value);

    [Cel("math.sign")]
    public static long Sign(long value) => Math.Sign(value);

    [Cel("math.sign")]
    public static ulong Sign(ulong value) => value == 0 ? 0UL : 1UL;

    [Cel("math.sign")]
    public static double Sign(double value) => double.IsNaN(value) ? value : Math.Sign(value);

    [Cel("math.isNaN")]
    public static bool IsNaN(double value) => double.IsNaN(value);

    [Cel("math.isInf")]
    public static bool IsInf(double value) => double.IsInfinity(value);

    [Cel("math.isFinite")]
    public static bool IsFinite(double value) => double.IsFinite(value);

    [Cel("math.bitAnd")]
    public static long BitAnd(long a, long b) => a & b;

    [Cel("math.bitAnd")]
    public static ulong BitAnd(ulong a, ulong b) => a & b;

    [Cel("math.bitOr")]
    public static long BitOr(long a, long b) => a | b;

    [Cel("math.bitOr")]
    public static ulong BitOr(ulong a, ulong b) => a | b;

    [Cel("math.bitXor")]
    public static long BitXor(long a, long b) => a ^ b;

    [Cel("math.bitXor")]
    public static ulong BitXor(ulong a, ulong b) => a ^ b;

    [Cel("math.bitNot")]
    public static long BitNot(long value) => ~value;

    [Cel("math.bitNot")]
    public static ulong BitNot(ulong value) => ~value;

    [Cel("math.bitShiftLeft")]
    public static Fault BitShiftLeft(long value, long by, out long shifted)
    {
        shifted = by is >= 0 and < 64 ? value << (int)by : 0;
        return by < 0 ? Fault.Overflow : Fault.None;
    }

    [Cel("math.bitShiftLeft")]
    public static Fault BitShiftLeft(ulong value, long by, out ulong shifted)
    {
        shifted = by is >= 0 and < 64 ? value << (int)by : 0;
        return by < 0 ? Fault.Overflow : Fault.None;
    }

    /// <summary>Zeros come in from the left, also into a negative number.</summary>
    [Cel("math.bitShiftRight")]
    public static Fault BitShiftRight(long value, long by, out long shifted)
    {
        shifted = by is >= 0 and < 64 ? value >>> (int)by : 0;
        return by < 0 ? Fault.Overflow : Fault.None;
    }

    [Cel("math.bitShiftRight")]
    public static Fault BitShiftRight(ulong value, long by, out ulong shifted)
    {
        shifted = by is >= 0 and < 64 ? value >> (int)by : 0;
        return by < 0 ? Fault.Overflow : Fault.None;
    }

    private static Fault Extreme(Dyn a, Dyn b, int sign, out Dyn extreme)
    {
        extreme = a;
        if (!DynEquality.IsNumber(a) || !DynEquality.IsNumber(b))
        {
            return a.Kind == DynKind.Null || b.Kind == DynKind.Null ? Fault.Missing : Fault.WrongType;
        }

        extreme = DynEquality.CompareNumbers(a, b) == -sign ? b : a;
        return Fault.None;
    }

    private static Fault Extreme(Dyn of, int sign, out Dyn extreme)
    {
        extreme = of;
        if (of.Kind != DynKind.List)
        {
            return Extreme(of, of, sign, out extreme);
        }

        if (of.List.Count == 0)
        {
            return Fault.IndexOutOfRange;
        }

        extreme = of.List[0];
        for (var i = 0; i < of.List.Count; i++)
        {
            if (Extreme(extreme, of.List[i], sign, out extreme) is var fault and not Fault.None)
            {
                return fault;
            }
        }

        return Fault.None;
    }
}
