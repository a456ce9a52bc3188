using System.Globalization;
using Decisioning.Engine.Values;
using Google.Protobuf.WellKnownTypes;
using ProtoValue = Google.Protobuf.WellKnownTypes.Value;

namespace Decisioning.Gateway.Replies;

/// <summary>Writes dynamic values as JSON-like ones: instants as ISO 8601 text, spans as seconds, whole numbers as numbers.</summary>
internal static class StructWriter
{
    // 2^53: a larger integer would change as a JSON number, so it goes out as text.
    private const long ExactMax = 9_007_199_254_740_992;

    public static Struct Write(PropertyMap map)
    {
        var target = new Struct();
        foreach (var (name, value) in map.Entries)
        {
            target.Fields[name] = Write(value);
        }

        return target;
    }

    public static ProtoValue Write(Engine.Values.Value value) => value.Kind switch
    {
        ValueKind.Null => ProtoValue.ForNull(),
        ValueKind.Bool => ProtoValue.ForBool(value.AsBool()),
        ValueKind.Int => value.AsInt() is >= -ExactMax and <= ExactMax and var i ? ProtoValue.ForNumber(i) : ProtoValue.ForString(value.ToString()),
        ValueKind.UInt => value.AsUInt() <= (ulong)ExactMax ? ProtoValue.ForNumber(value.AsUInt()) : ProtoValue.ForString(value.AsUInt().ToString(CultureInfo.InvariantCulture)),
        ValueKind.Double => double.IsFinite(value.AsDouble()) ? ProtoValue.ForNumber(value.AsDouble()) : ProtoValue.ForString(value.ToString()),
        ValueKind.String => ProtoValue.ForString(value.AsString()),
        ValueKind.Duration => ProtoValue.ForNumber(value.AsDuration().TotalSeconds),
        ValueKind.List => ProtoValue.ForList([.. value.AsList().Select(Write)]),
        ValueKind.Map => ProtoValue.ForStruct(Write(value.AsMap())),
        _ => ProtoValue.ForString(value.ToString()),
    };
}
