using System.Globalization;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>
/// Reads what callers sent as the declared types: a double without a fraction is an int too (JSON has no ints), any
/// number is a double, ISO 8601 text is an instant. Nothing else is converted; what does not fit reads as null.
/// </summary>
internal static class Properties
{
    private static readonly string[] _instants =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd",
    ];

    public static long? Int(Value value) => value.TryInt(out var integer) ? integer : null;

    public static double? Double(Value value) => value.TryNumber(out var number) ? number : null;

    public static string? String(Value value) => value.Kind == ValueKind.String ? value.AsString() : null;

    public static bool? Bool(Value value) => value.Kind == ValueKind.Bool ? value.AsBool() : null;

    public static TimeSpan? Duration(Value value) => value.Kind == ValueKind.Duration ? value.AsDuration() : null;

    public static DateTimeOffset? Timestamp(Value value) => value.Kind switch
    {
        ValueKind.Timestamp => value.AsTimestamp(),
        ValueKind.String when DateTimeOffset.TryParseExact(
            value.AsString(),
            _instants,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at) => at,
        _ => null,
    };

    public static bool IsDate(Value value) =>
        value.Kind == ValueKind.Timestamp
        || (value.Kind == ValueKind.String && DateOnly.TryParseExact(value.AsString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
}
