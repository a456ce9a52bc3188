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

    /// <summary>The hash by which values are told apart; 3 and 3.0 are one value.</summary>
    public static ulong HashOf(Value value)
    {
        var hash = default(StableHash);
        hash.Add(value);
        return hash.Finish();
    }
}
