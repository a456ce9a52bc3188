namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>A stretch of the expression's text, in UTF-16 units.</summary>
internal readonly record struct Span(int Start, int Length)
{
    public int End => Start + Length;

    public static Span Between(Span first, Span last) => new(first.Start, Math.Max(last.End - first.Start, first.Length));

    public string Of(string text) => text.Substring(Start, Math.Min(Length, text.Length - Start));

    /// <summary>The error at this place.</summary>
    public ExpressionError Error(string text, string message)
    {
        var before = text.AsSpan(0, Math.Min(Start, text.Length));
        var lastBreak = before.LastIndexOf('\n');
        return new ExpressionError(OneLine(message), before.Count('\n') + 1, before.Length - lastBreak, Math.Max(Length, 1));
    }

    // A message may quote what the author wrote, line breaks and all.
    private static string OneLine(string message) =>
        message.Any(char.IsControl) ? string.Create(message.Length, message, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        })
        : message;
}
