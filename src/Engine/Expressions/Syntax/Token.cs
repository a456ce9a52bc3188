using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Syntax;

internal enum TokenKind
{
    End,
    Identifier,
    QuotedIdentifier,
    Literal,
    Symbol,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">The identifier's or the symbol's text; empty for a literal.</param>
/// <param name="Value">A literal's value.</param>
/// <param name="At">Where it stands.</param>
internal readonly record struct Token(TokenKind Kind, string Text, Dyn Value, Span At)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Identifier && Text == word;

    /// <summary>How an error text shows it.</summary>
    public string Shown(string text) => Kind == TokenKind.End ? "the end of the expression" : $"`{At.Of(text)}`";
}
