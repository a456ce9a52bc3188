using System.Globalization;
using System.Numerics;
using System.Text;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>
/// `"%s costs %.2f".format([name, price])`: `%s` anything, `%d` whole numbers, `%f` and `%e` doubles, `%b` binary, `%o` octal, `%x` and `%X`
/// hexadecimal, `%%` a percent sign. `.N` before `f` and `e` says how many decimals, 0 to 100, 6 when not said. Doubles are rounded half to even, exactly.
/// </summary>
internal static class TextFormat
{
    private const int PrecisionMax = 100;
    private const int PrecisionDefault = 6;

    /// <summary>How many arguments a pattern takes; false when some clause of it means nothing.</summary>
    public static bool TryCount(string pattern, out int arguments)
    {
        arguments = 0;
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] != '%')
            {
                continue;
            }

            if (!TryClause(pattern, ref at, out var verb, out _))
            {
                return false;
            }

            arguments += verb == '%' ? 0 : 1;
        }

        return true;
    }

    public static Fault TryFormat(string pattern, CelList arguments, out string formatted)
    {
        formatted = "";
        var to = new StringBuilder(pattern.Length);
        var argument = 0;
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] != '%')
            {
                to.Append(pattern[at]);
                continue;
            }

            if (!TryClause(pattern, ref at, out var verb, out var precision))
            {
                return Fault.BadFormat;
            }

            if (verb == '%')
            {
                to.Append('%');
                continue;
            }

            if (argument >= arguments.Count)
            {
                return Fault.IndexOutOfRange;
            }

            if (Append(to, verb, precision, arguments[argument++]) is var fault and not Fault.None)
            {
                return fault;
            }

            if (to.Length > ExpressionLimits.StringLengthMax)
            {
                return Fault.TooLong;
            }
        }

        formatted = to.ToString();
        return Fault.None;
    }

    // Leaves the place on the clause's last character.
    private static bool TryClause(string pattern, ref int at, out char verb, out int precision)
    {
        (verb, precision) = ('\0', PrecisionDefault);
        at++;
        if (at < pattern.Length && pattern[at] == '.')
        {
            var end = at + 1;
            while (end < pattern.Length && char.IsAsciiDigit(pattern[end]))
            {
                end++;
            }

            if (end == at + 1 || !int.TryParse(pattern.AsSpan((at + 1)..end), NumberStyles.None, CultureInfo.InvariantCulture, out precision) || precision > PrecisionMax)
            {
                return false;
            }

            at = end;
        }

        verb = at < pattern.Length ? pattern[at] : '\0';
        return "sdfeboxX%".Contains(verb, StringComparison.Ordinal);
    }

    private static Fault Append(StringBuilder to, char verb, int precision, Dyn value)
    {
        switch (verb, value.Kind)
        {
            case ('s', _):
                return AppendText(to, value);
            case ('d', DynKind.Int or DynKind.UInt or DynKind.Double):
                return AppendText(to, value);
            case ('f' or 'e', DynKind.Double or DynKind.Int or DynKind.UInt):
                AppendNumber(to, verb, precision, value.Kind switch { DynKind.Double => value.Double, DynKind.Int => value.Int, _ => value.UInt });
                return Fault.None;
            case ('b', DynKind.Bool):
                to.Append(value.Bool ? '1' : '0');
                return Fault.None;
            case ('b' or 'o' or 'x' or 'X', DynKind.Int or DynKind.UInt):
                AppendDigits(to, verb, value);
                return Fault.None;
            case ('x' or 'X', DynKind.String or DynKind.Bytes):
                var hex = Convert.ToHexString(value.Kind == DynKind.String ? Encoding.UTF8.GetBytes(value.String) : value.Bytes.AsSpan());
                to.Append(verb == 'x' ? hex.ToLowerInvariant() : hex);
                return Fault.None;
            default:
                return value.Kind == DynKind.Null ? Fault.Missing : Fault.WrongType;
        }
    }

    private static void AppendDigits(StringBuilder to, char verb, Dyn value)
    {
        var negative = value.Kind == DynKind.Int && value.Int < 0;
        var rest = negative ? unchecked((ulong)-value.Int) : value.UInt;
        var shift = verb switch { 'b' => 1, 'o' => 3, _ => 4 };
        Span<char> digits = stackalloc char[64];
        var at = digits.Length;
        do
        {
            digits[--at] = (verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[(int)(rest & ((1UL << shift) - 1))];
            rest >>= shift;
        }
        while (rest != 0);

        to.Append(negative ? "-" : "").Append(digits[at..]);
    }

    private static Fault AppendText(StringBuilder to, Dyn value)
    {
        if (to.Length > ExpressionLimits.StringLengthMax)
        {
            return Fault.TooLong;
        }

        switch (value.Kind)
        {
            case DynKind.String:
                to.Append(value.String);
                return Fault.None;
            case DynKind.Bytes:
                var fault = ConversionFunctions.String(value.Bytes, out var text);
                to.Append(text);
                return fault;
            case DynKind.Double:
                to.Append(Special(value.Double) ?? DynText.Number(value.Double));
                return Fault.None;
            case DynKind.Timestamp:
                to.Append(TimeText.Format(value.Timestamp));
                return Fault.None;
            case DynKind.Duration:
                to.Append(TimeText.Format(value.Duration));
                return Fault.None;
            case DynKind.UInt:
                to.Append(CultureInfo.InvariantCulture, $"{value.UInt}");
                return Fault.None;
            case DynKind.List:
                return AppendList(to, value.List);
            case DynKind.Map:
                return AppendMap(to, value.Map);
            default:
                to.Append(DynText.Literal(value));
                return Fault.None;
        }
    }

    private static Fault AppendList(StringBuilder to, CelList list)
    {
        to.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            to.Append(i == 0 ? "" : ", ");
            if (AppendText(to, list[i]) is var fault and not Fault.None)
            {
                return fault;
            }
        }

        to.Append(']');
        return Fault.None;
    }

    // In the order of the keys' texts, so that the same map reads the same, however it was built.
    private static Fault AppendMap(StringBuilder to, CelMap map)
    {
        var entries = new List<(string Key, Dyn Value)>();
        for (var i = 0; i < map.Count; i++)
        {
            var key = new StringBuilder();
            _ = AppendText(key, map.KeyAt(i));
            _ = map.TryFind(map.KeyAt(i), out var value);
            entries.Add((key.ToString(), value));
        }

        to.Append('{');
        foreach (var (index, (key, value)) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Index())
        {
            to.Append(index == 0 ? "" : ", ").Append(key).Append(": ");
            if (AppendText(to, value) is var fault and not Fault.None)
            {
                return fault;
            }
        }

        to.Append('}');
        return Fault.None;
    }

    private static string? Special(double value) => double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "Infinity" : double.IsNegativeInfinity(value) ? "-Infinity" : null;

    private static void AppendNumber(StringBuilder to, char verb, int precision, double value)
    {
        if (Special(value) is { } special)
        {
            to.Append(special);
            return;
        }

        to.Append(double.IsNegative(value) ? "-" : "");
        if (verb == 'f')
        {
            AppendScaled(to, Rounded(Math.Abs(value), precision), precision);
            return;
        }

        var exponent = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)));
        var digits = Rounded(Math.Abs(value), precision - exponent);

        // The logarithm may be off by one at a power of ten, and rounding may carry into one more digit.
        var (low, high) = (BigInteger.Pow(10, precision), BigInteger.Pow(10, precision + 1));
        while (value != 0 && (digits < low || digits >= high))
        {
            exponent += digits < low ? -1 : 1;
            digits = Rounded(Math.Abs(value), precision - exponent);
        }

        AppendScaled(to, digits, precision);
        to.Append(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static void AppendScaled(StringBuilder to, BigInteger scaled, int decimals)
    {
        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        to.Append(digits, 0, digits.Length - decimals);
        if (decimals > 0)
        {
            to.Append('.').Append(digits, digits.Length - decimals, decimals);
        }
    }

    /// <summary>The whole number nearest to value × 10^scale, of two the even one; exact, as a double is a fraction of whole numbers.</summary>
    private static BigInteger Rounded(double value, int scale)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        var power = Math.Max(exponent, 1) - 1075;
        var numerator = mantissa * BigInteger.Pow(10, Math.Max(scale, 0)) << Math.Max(power, 0);
        var denominator = BigInteger.Pow(10, Math.Max(-scale, 0)) << Math.Max(-power, 0);
        var whole = BigInteger.DivRem(numerator, denominator, out var rest);
        var half = (rest << 1).CompareTo(denominator);
        return half > 0 || (half == 0 && !whole.IsEven) ? whole + 1 : whole;
    }
}
