using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Decisioning.Engine.Actions;

/// <summary>How values are escaped, and with that written.</summary>
internal static class TemplateEscapes
{
    /// <summary>By <see cref="TemplateEscape"/>; null where nothing is.</summary>
    public static ImmutableArray<Func<string, string>?> All { get; } = [null, Html, Uri.EscapeDataString, JavaScriptEncoder.Default.Encode];

    /// <summary>What a placeholder of a name alone comes to. Numbers stay as they are.</summary>
    /// <param name="value">The value, as templates see it.</param>
    /// <param name="escape">How it is escaped.</param>
    public static string Written(object? value, TemplateEscape escape) => value switch
    {
        string text => All[(int)escape]?.Invoke(text) ?? text,
        TemplateInstant instant => Written(instant.ToString(), escape),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string Html(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#x27;"),
                '`' => escaped.Append("&#x60;"),
                '=' => escaped.Append("&#x3D;"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
