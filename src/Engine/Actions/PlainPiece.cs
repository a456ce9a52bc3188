using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Actions;

/// <summary>
/// A text and the name behind it. Most templates are nothing but such pieces: they are written here, with what Handlebars would make of them, in a tenth
/// of its time.
/// </summary>
/// <param name="Before">The author's text, which may be empty.</param>
/// <param name="Name">Whose value comes then; none in the last piece.</param>
internal readonly record struct PlainPiece(string Before, TemplateName Name)
{
    /// <summary>Writes a template of such pieces.</summary>
    /// <param name="pieces">The pieces; the last is without a name.</param>
    /// <param name="escape">How values are escaped.</param>
    /// <param name="read">Reads a value.</param>
    public static string Write(ImmutableArray<PlainPiece> pieces, TemplateEscape escape, Func<TemplateName, Value> read)
    {
        if (pieces.Length == 1)
        {
            return pieces[0].Before;
        }

        var texts = new string[2 * pieces.Length];
        var (count, room) = (0, Limits.ContentCharsMax);
        foreach (var (before, name) in pieces)
        {
            if (!Add(before) || (count < texts.Length - 1 && !Add(TemplateEscapes.Written(TemplateHelpers.Plain(read(name)), escape))))
            {
                break;
            }
        }

        return string.Concat(texts.AsSpan(0, count)!);

        bool Add(string text)
        {
            texts[count++] = text.Length <= room ? text : "";
            return (room -= text.Length) >= 0;
        }
    }
}
