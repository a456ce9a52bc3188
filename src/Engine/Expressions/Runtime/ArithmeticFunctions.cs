using System.Collections.Immutable;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>The arithmetic operators. Nothing wraps around: what does not fit is a fault.</summary>
internal static class ArithmeticFunctions
{
    [Cel("+", CallStyle.Operator)]
    public static Fault Add(long a, long b, out long sum)
    {
        sum = unchecked(a + b);
        return ((a ^ sum) & (b ^ sum)) < 0 ? Fault.Overflow : Fault.None;
    }

    [Cel("-", CallStyle.Operator)]
    public static Fault Subtract(long a, long b, out long difference)
    {
        difference = unchecked(a - b);
        return ((a ^ b) & (a ^ difference)) < 0 ? Fault.Overflow : Fault.None;
    }

    [Cel("*", CallStyle.Operator)]
    public static Fault Multiply(long a, long b, out long product)
    {
        var high = Math.BigMul(a, b, out product);
        return high == product >> 63 ? Fault.None : Fault.Overflow;
    }

    [Cel("/", CallStyle.Operator)]
    public static Fault Divide(long a, long b, out long quotient)
    {
        var fault = b == 0 ? Fault.DivisionByZero : a == long.MinValue && b == -1 ? Fault.Overflow : Fault.None;
        quotient = fault == Fault.None ? a / b : 0;
        return fault;
    }

    [Cel("%", CallStyle.Operator)]
    public static Fault Modulo(long a, long b, out long rest)
    {
        var fault = b == 0 ? Fault.DivisionByZero : a == long.MinValue && b == -1 ? Fault.Overflow : Fault.None;
        rest = fault == Fault.None ? a % b : 0;
        return fault;
    }

    [Cel("-", CallStyle.Operator)]
    public static Fault Negate(long a, out long negated)
    {
        negated = unchecked(-a);
        return a == long.MinValue ? Fault.Overflow : Fault.None;
    }

    [Cel("+", CallStyle.Operator)]
    public static Fault Add(ulong a, ulong b, out ulong sum)
    {
        sum = unchecked(a + b);
        return sum < a ? Fault.Overflow : Fault.None;
    }

    [Cel("-", CallStyle.Operator)]
    public static Fault Subtract(ulong a, ulong b, out ulong difference)
    {
        difference = unchecked(a - b);
        return b > a ? Fault.Overflow : Fault.None;
    }

    [Cel("*", CallStyle.Operator)]
    public static Fault Multiply(ulong a, ulong b, out ulong product) => Math.BigMul(a, b, out product) == 0 ? Fault.None : Fault.Overflow;

    [Cel("/", CallStyle.Operator)]
    public static Fault Divide(ulong a, ulong b, out ulong quotient)
    {
        quotient = b == 0 ? 0 : a / b;
        return b == 0 ? Fault.DivisionByZero : Fault.None;
    }

    [Cel("%", CallStyle.Operator)]
    public static Fault Modulo(ulong a, ulong b, out ulong rest)
    {
        rest = b == 0 ? 0 : a % b;
        return b == 0 ? Fault.DivisionByZero : Fault.None;
    }

    [Cel("+", CallStyle.Operator)]
    public static double Add(double a, double b) => a + b;

    [Cel("-", CallStyle.Operator)]
    public static double Subtract(double a, double b) => a - b;

    [Cel("*", CallStyle.Operator)]
    public static double Multiply(double a, double b) => a * b;

    [Cel("/", CallStyle.Operator)]
    public static double Divide(double a, double b) => a / b;

    [Cel("-", CallStyle.Operator)]
    public static double Negate(double a) => -a;

    [Cel("+", CallStyle.Operator)]
    public static Fault Add(string a, string b, out string joined)
    {
        var fits = a.Length + b.Length <= ExpressionLimits.StringLengthMax;
        joined = fits ? a + b : "";
        return fits ? Fault.None : Fault.TooLong;
    }

    [Cel("+", CallStyle.Operator)]
    public static Fault Add(ImmutableArray<byte> a, ImmutableArray<byte> b, out ImmutableArray<byte> joined)
    {
        var fits = a.Length + b.Length <= ExpressionLimits.StringLengthMax;
        joined = fits ? a.AddRange(b) : [];
        return fits ? Fault.None : Fault.TooLong;
    }

    [Cel("+", CallStyle.Operator)]
    public static Fault Add(CelList a, CelList b, out CelList joined)
    {
        joined = a;
        if (a.Count + b.Count > ExpressionLimits.ListLengthMax)
        {
            return Fault.TooLong;
        }

        var items = new Dyn[a.Count + b.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = i < a.Count ? a[i] : b[i - a.Count];
        }

        joined = CelList.Of(items);
        return Fault.None;
    }

    [Cel("+", CallStyle.Operator)]
    public static Fault Add(DateTimeOffset instant, TimeSpan span, out DateTimeOffset sum) =>
        TimeText.TryInstant(instant.UtcTicks, span.Ticks, out sum) ? Fault.None : Fault.Overflow;

    [Cel("+", CallStyle.Operator)]
    public static Fault Add(TimeSpan span, DateTimeOffset instant, out DateTimeOffset sum) => Add(instant, span, out sum);

    [Cel("+", CallStyle.Operator)]
    public static Fault Add(TimeSpan a, TimeSpan b, out TimeSpan sum) => Span(a.Ticks + b.Ticks, out sum);

    [Cel("-", CallStyle.Operator)]
    public static Fault Subtract(DateTimeOffset instant, TimeSpan span, out DateTimeOffset difference) =>
        TimeText.TryInstant(instant.UtcTicks, -span.Ticks, out difference) ? Fault.None : Fault.Overflow;

    /// <summary>The conformance suite wants a difference to fit 64 bits of nanoseconds: 292 years.</summary>
    [Cel("-", CallStyle.Operator)]
    public static Fault Subtract(DateTimeOffset a, DateTimeOffset b, out TimeSpan difference)
    {
        const long max = long.MaxValue / 100;
        difference = new TimeSpan(a.UtcTicks - b.UtcTicks);
        return difference.Ticks is <= max and >= -max ? Fault.None : Fault.Overflow;
    }

    [Cel("-", CallStyle.Operator)]
    public static Fault Subtract(TimeSpan a, TimeSpan b, out TimeSpan difference) => Span(a.Ticks - b.Ticks, out difference);

    // Both are within the bound of durations, far below half of what a long holds: only this sum can leave the bound.
    private static Fault Span(long ticks, out TimeSpan span)
    {
        var fits = ticks is <= TimeText.DurationTicksMax and >= -TimeText.DurationTicksMax;
        span = fits ? new TimeSpan(ticks) : default;
        return fits ? Fault.None : Fault.Overflow;
    }
}
