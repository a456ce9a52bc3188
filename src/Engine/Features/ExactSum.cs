namespace Decisioning.Engine.Features;

/// <summary>
/// Sums in whole billionths (128 bits). Integer addition has no order and no rounding: the same numbers give the same
/// sum however they are shuffled, batched or windowed, and amounts with up to nine decimals add up exactly. A number with
/// more decimals is rounded to the nearest billionth once. Numbers beyond ±1e20 count as ±1e20; not-a-number counts as nothing.
/// </summary>
internal static class ExactSum
{
    private const double AddendMax = 1e20;
    private const long UnitsPerOne = 1_000_000_000;

    public static bool TryUnits(double number, out Int128 units)
    {
        if (double.IsNaN(number))
        {
            units = 0;
            return false;
        }

        var bounded = Math.Clamp(number, -AddendMax, AddendMax);
        var whole = Math.Truncate(bounded);

        // The fraction is exact: both operands share their binary places.
        units = ((Int128)whole * UnitsPerOne) + (long)Math.Round((bounded - whole) * UnitsPerOne, MidpointRounding.ToEven);
        return true;
    }

    /// <summary>Adds; at the ends of 128 bits (1.7e29 as an amount) it stays there.</summary>
    public static Int128 Add(Int128 left, Int128 right)
    {
        var sum = unchecked(left + right);
        return Int128.IsNegative(left) == Int128.IsNegative(right) && Int128.IsNegative(sum) != Int128.IsNegative(left)
            ? Int128.IsNegative(left) ? Int128.MinValue : Int128.MaxValue
            : sum;
    }

    /// <summary>The nearest double up to 9,007,199.254740992 (2^53 billionths); beyond it, within one unit in the last place.</summary>
    public static double ToDouble(Int128 units)
    {
        // Both operands are exact, so the division rounds once. Beyond that the whole part carries the precision.
        const long exact = 1L << 53;
        return units >= -exact && units <= exact
            ? (double)units / UnitsPerOne
            : (double)(units / UnitsPerOne) + ((double)(units % UnitsPerOne) / UnitsPerOne);
    }

    /// <summary>The units of the two halves that <see cref="Low"/> and <see cref="High"/> give.</summary>
    public static Int128 Join(long low, long high) => new(unchecked((ulong)high), unchecked((ulong)low));

    public static long Low(Int128 units) => unchecked((long)(ulong)units);

    public static long High(Int128 units) => unchecked((long)(ulong)(units >> 64));
}
