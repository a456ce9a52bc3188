using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>The values that features keep or tell apart.</summary>
internal static class FeatureValue
{
    /// <summary>Makes a value fit to be kept: long texts are cut. Null, lists, maps and bytes are not kept.</summary>
    public static bool TryKeep(ref Value value)
    {
        if (value.Kind == ValueKind.String && value.AsString() is { Length: > Limits.FeatureTextCharsMax } text)
        {
            value = Value.Of(text[..Limits.FeatureTextCharsMax]);
        }

        return value.Kind is not (ValueKind.Null or ValueKind.List or ValueKind.Map or ValueKind.Bytes);
    }

    /// <summary>The sum of a number over the maps of a list; null when it is no list.</summary>
    /// <param name="list">The list; what is in it but is no map is passed over.</param>
    /// <param name="key">The number's name.</param>
    /// <param name="missing">What a map without the number counts.</param>
    public static double? SumOf(Value list, string key, double missing)
    {
        if (list.Kind != ValueKind.List)
        {
            return null;
        }

        var sum = 0.0;
        foreach (var item in list.AsList())
        {
            if (item.Kind == ValueKind.Map)
            {
                sum += item.AsMap()[key].TryNumber(out var number) ? number : missing;
            }
        }

        return sum;
    }

    /// <summary>The hash by which values are told apart; 3 and 3.0 are one value.</summary>
    public static ulong HashOf(Value value)
    {
        var hash = default(StableHash);
        hash.Add(value);
        return hash.Finish();
    }
}
