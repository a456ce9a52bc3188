using System.Globalization;
using System.Text.Json.Nodes;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Conformance.Tests;

/// <summary>The suite's values and types (protobuf JSON of <c>cel.expr.Value</c> and <c>cel.expr.Type</c>) as ours.</summary>
internal static class SuiteValues
{
    public static Dyn ValueOf(JsonObject written)
    {
        var (kind, value) = written.First();
        return kind switch
        {
            "nullValue" => Dyn.Null,
            "boolValue" => Dyn.Of((bool)value!),
            "int64Value" => Dyn.Of(long.Parse(value!.ToString(), CultureInfo.InvariantCulture)),
            "uint64Value" => Dyn.Of(ulong.Parse(value!.ToString(), CultureInfo.InvariantCulture)),
            "doubleValue" => Dyn.Of(double.Parse(value!.ToString(), CultureInfo.InvariantCulture)),
            "stringValue" => Dyn.Of((string)value!),
            "bytesValue" => Dyn.OfBytes(Convert.FromBase64String((string)value!)),
            "typeValue" => Dyn.Of(new TypeName((string)value!)),
            "listValue" => Dyn.Of(CelList.Of(Items(value!, "values").Select(item => ValueOf(item)).ToArray())),
            "mapValue" => MapOf(value!),
            "objectValue" => TimeOf(value!.AsObject()),
            _ => throw new NotSupportedException($"a value of kind {kind} is not known"),
        };
    }

    public static CelType TypeOf(JsonObject written)
    {
        var (kind, value) = written.FirstOrDefault();
        return kind switch
        {
            "primitive" => Primitive((string)value!),
            "wrapper" => CelType.Nullable(Primitive((string)value!)),
            "wellKnown" => (string)value! switch { "TIMESTAMP" => CelType.Timestamp, "DURATION" => CelType.Duration, _ => CelType.Dyn },
            "listType" => CelType.List(value!["elemType"] is JsonObject element ? TypeOf(element) : CelType.Dyn),
            "mapType" => CelType.Map(TypeOf(value!["keyType"]!.AsObject()), TypeOf(value!["valueType"]!.AsObject())),
            "null" => CelType.Null,
            "type" => CelType.Type,
            "dyn" or null => CelType.Dyn,
            _ => throw new NotSupportedException($"a type of kind {kind} is not known"),
        };
    }

    /// <summary>Whether an outcome is what the suite wants: of the same kind, and equal; a NaN is a NaN, and a type has a name.</summary>
    public static bool Same(Dyn a, Dyn b) =>
        a.Kind == b.Kind && (DynEquality.Equal(a, b) || (a.Kind is DynKind.Double or DynKind.Type && DynText.Literal(a) == DynText.Literal(b)));

    private static CelType Primitive(string name) => name switch
    {
        "BOOL" => CelType.Bool,
        "INT64" => CelType.Int,
        "UINT64" => CelType.UInt,
        "DOUBLE" => CelType.Double,
        "STRING" => CelType.String,
        "BYTES" => CelType.Bytes,
        _ => throw new NotSupportedException($"a primitive type `{name}` is not known"),
    };

    private static IEnumerable<JsonObject> Items(JsonNode holder, string member) => (holder[member] as JsonArray ?? []).OfType<JsonObject>();

    private static Dyn MapOf(JsonNode written)
    {
        var map = new DynMap();
        foreach (var entry in Items(written, "entries"))
        {
            map.Add(ValueOf(entry["key"]!.AsObject()), ValueOf(entry["value"]!.AsObject()));
        }

        return Dyn.Of(new CelMap(map));
    }

    private static Dyn TimeOf(JsonObject written)
    {
        var text = (string)written["value"]!;
        if (((string)written["@type"]!).EndsWith("google.protobuf.Timestamp", StringComparison.Ordinal))
        {
            return TimeText.TryParse(text, out DateTimeOffset instant) ? Dyn.Of(instant) : throw new FormatException(text);
        }

        return TimeText.TryParse(text, out TimeSpan span) ? Dyn.Of(span) : throw new FormatException(text);
    }
}
