using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>The functions named after types: `int("3")`, `string(1.5)`.</summary>
internal static class ConversionFunctions
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Cel("int")]
    public static long Int(long value) => value;

    [Cel("int")]
    public static Fault Int(ulong value, out long result)
    {
        result = value <= long.MaxValue ? (long)value : 0;
        return value <= long.MaxValue ? Fault.None : Fault.Overflow;
    }

    [Cel("int")]
    public static Fault Int(double value, out long result)
    {
        var fits = value is > -9_223_372_036_854_775_808.0 and < 9_223_372_036_854_775_808.0;
        result = fits ? (long)value : 0;
        return fits ? Fault.None : Fault.Overflow;
    }

    [Cel("int")]
    public static Fault Int(string text, out long result) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out result) ? Fault.None : Fault.BadText;

    [Cel("int")]
    public static long Int(DateTimeOffset instant) => instant.ToUnixTimeSeconds();

    [Cel("int")]
    public static long Int(TimeSpan span) => span.Ticks / TimeSpan.TicksPerSecond;

    [Cel("uint")]
    public static ulong UInt(ulong value) => value;

    [Cel("uint")]
    public static Fault UInt(long value, out ulong result)
    {
        result = value >= 0 ? (ulong)value : 0;
        return value >= 0 ? Fault.None : Fault.Overflow;
    }

    [Cel("uint")]
    public static Fault UInt(double value, out ulong result)
    {
        var fits = value is > -1 and < 18_446_744_073_709_551_616.0;
        result = fits && value >= 0 ? (ulong)value : 0;
        return fits && value >= 0 ? Fault.None : Fault.Overflow;
    }

    [Cel("uint")]
    public static Fault UInt(string text, out ulong result) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out result) ? Fault.None : Fault.BadText;

    [Cel("double")]
    public static double Double(double value) => value;

    [Cel("double")]
    public static double Double(long value) => value;

    [Cel("double")]
    public static double Double(ulong value) => value;

    [Cel("double")]
    public static Fault Double(string text, out double result)
    {
        switch (text)
        {
            case "NaN":
                result = double.NaN;
                return Fault.None;
            case "Inf" or "+Inf" or "Infinity" or "+Infinity":
                result = double.PositiveInfinity;
                return Fault.None;
            case "-Inf" or "-Infinity":
                result = double.NegativeInfinity;
                return Fault.None;
            default:
                const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
                return double.TryParse(text, style, CultureInfo.InvariantCulture, out result) ? Fault.None : Fault.BadText;
        }
    }

    [Cel("string")]
    public static string String(string value) => value;

    [Cel("string")]
    public static string String(long value) => value.ToString(CultureInfo.InvariantCulture);

    [Cel("string")]
    public static string String(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    [Cel("string")]
    public static string String(double value) => DynText.Number(value);

    [Cel("string")]
    public static string String(bool value) => value ? "true" : "false";

    [Cel("string")]
    public static string String(DateTimeOffset value) => TimeText.Format(value);

    [Cel("string")]
    public static string String(TimeSpan value) => TimeText.Format(value);

    [Cel("string")]
    public static Fault String(ImmutableArray<byte> value, out string result)
    {
        var valid = System.Text.Unicode.Utf8.IsValid(value.AsSpan());
        result = valid ? StrictUtf8.GetString(value.AsSpan()) : "";
        return valid ? Fault.None : Fault.BadUtf8;
    }

    [Cel("bytes")]
    public static ImmutableArray<byte> Bytes(ImmutableArray<byte> value) => value;

    [Cel("bytes")]
    public static ImmutableArray<byte> Bytes(string value) => ImmutableCollectionsMarshal.AsImmutableArray(Encoding.UTF8.GetBytes(value));

    [Cel("bool")]
    public static bool Bool(bool value) => value;

    [Cel("bool")]
    public static Fault Bool(string text, out bool result)
    {
        result = text is "true" or "True" or "TRUE" or "t" or "1";
        return result || text is "false" or "False" or "FALSE" or "f" or "0" ? Fault.None : Fault.BadText;
    }

    [Cel("timestamp")]
    public static DateTimeOffset Timestamp(DateTimeOffset value) => value;

    [Cel("timestamp")]
    public static Fault Timestamp(string text, out DateTimeOffset result) => TimeText.TryParse(text, out result) ? Fault.None : Fault.BadText;

    [Cel("timestamp")]
    public static Fault Timestamp(long seconds, out DateTimeOffset result)
    {
        var fits = seconds is >= -62_135_596_800 and <= 253_402_300_799;
        result = fits ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return fits ? Fault.None : Fault.Overflow;
    }

    [Cel("duration")]
    public static TimeSpan Duration(TimeSpan value) => value;

    [Cel("duration")]
    public static Fault Duration(string text, out TimeSpan result) => TimeText.TryParse(text, out result) ? Fault.None : Fault.BadText;

    [Cel("duration")]
    public static Fault Duration(long seconds, out TimeSpan result)
    {
        var fits = seconds is <= 315_576_000_000 and >= -315_576_000_000;
        result = fits ? new TimeSpan(seconds * TimeSpan.TicksPerSecond) : default;
        return fits ? Fault.None : Fault.Overflow;
    }

    [Cel("dyn")]
    public static Dyn Dynamic(Dyn value) => value;

    [Cel("type")]
    public static TypeName Type(Dyn value) => TypeName.Of(value.Kind);
}
