using System.Globalization;
using System.Text;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>Values as text: as a literal of the language, and as `string(x)` gives them.</summary>
internal static class DynText
{
    public static string Literal(Dyn value) => value.Kind switch
    {
        DynKind.Null => "null",
        DynKind.Bool => value.Bool ? "true" : "false",
        DynKind.Int => value.Int.ToString(CultureInfo.InvariantCulture),
        DynKind.UInt => value.UInt.ToString(CultureInfo.InvariantCulture) + "u",
        DynKind.Double => DoubleLiteral(value.Double),
        DynKind.String => Quoted(value.String),
        DynKind.Bytes => "b\"" + string.Concat(value.Bytes.Select(b => $"\\x{b:x2}")) + "\"",
        DynKind.Timestamp => $"timestamp(\"{TimeText.Format(value.Timestamp)}\")",
        DynKind.Duration => $"duration(\"{TimeText.Format(value.Duration)}\")",
        DynKind.List => "[" + string.Join(", ", Enumerable.Range(0, value.List.Count).Select(i => Literal(value.List[i]))) + "]",
        DynKind.Map => "{" + string.Join(", ", Enumerable.Range(0, value.Map.Count).Select(i => Entry(value.Map, i))) + "}",
        _ => value.Type.Name,
    };

    /// <summary>The shortest text that reads back as the same number; whole numbers without a fraction.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal),
    };

    private static string Entry(CelMap map, int index)
    {
        var key = map.KeyAt(index);
        _ = map.TryFind(key, out var value);
        return $"{Literal(key)}: {Literal(value)}";
    }

    private static string DoubleLiteral(double value)
    {
        if (!double.IsFinite(value))
        {
            return $"double(\"{Number(value)}\")";
        }

        var text = Number(value);
        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }

    private static string Quoted(string text)
    {
        var to = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => to.Append("\\\""),
                '\\' => to.Append("\\\\"),
                '\n' => to.Append("\\n"),
                '\r' => to.Append("\\r"),
                '\t' => to.Append("\\t"),
                _ when char.IsControl(c) => to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => to.Append(c),
            };
        }

        return to.Append('"').ToString();
    }
}
