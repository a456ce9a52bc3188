using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>Values that have an order, as 64-bit words with the same order.</summary>
internal static class OrderedValue
{
    /// <summary>The type in which values of an expression's type are compared: int, timestamp and duration as such, all else as double.</summary>
    public static CelType TypeOf(CelType type)
    {
        var plain = type is CelType.NullableOf nullable ? nullable.Inner : type;
        return plain == CelType.Int || plain == CelType.Timestamp || plain == CelType.Duration ? plain : CelType.Double;
    }

    /// <summary>The word of a value; false for one that is not of the type, and for not-a-number.</summary>
    public static bool TryWord(Value value, CelType type, out long word)
    {
        word = 0;
        if (type == CelType.Int)
        {
            return value.TryInt(out word);
        }

        if (type == CelType.Timestamp)
        {
            word = value.Kind == ValueKind.Timestamp ? WindowTime.Ticks(value.AsTimestamp()) : 0;
            return value.Kind == ValueKind.Timestamp;
        }

        if (type == CelType.Duration)
        {
            word = value.Kind == ValueKind.Duration ? value.AsDuration().Ticks : 0;
            return value.Kind == ValueKind.Duration;
        }

        if (!value.TryNumber(out var number) || double.IsNaN(number))
        {
            return false;
        }

        // The bits of doubles above 0 have the order of the numbers, those below 0 the opposite one; -0 is 0.
        var bits = BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number);
        word = bits >= 0 ? bits : long.MinValue - bits;
        return true;
    }

    /// <summary>The value of a word.</summary>
    public static Value Of(long word, CelType type) => type == CelType.Int ? Value.Of(word)
        : type == CelType.Timestamp ? Value.Of(WindowTime.Instant(word))
        : type == CelType.Duration ? Value.Of(TimeSpan.FromTicks(word))
        : Value.Of(BitConverter.Int64BitsToDouble(word >= 0 ? word : long.MinValue - word));
}
