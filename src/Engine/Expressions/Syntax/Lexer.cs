using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>Cuts the text of an expression into tokens.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] TwoCharacterSymbols = ["==", "!=", "<=", ">=", "&&", "||"];

    private int _at;

    /// <summary>All tokens, with one of kind <see cref="TokenKind.End"/> last.</summary>
    /// <exception cref="SyntaxException">Some character cannot begin a token, or a literal is malformed.</exception>
    public List<Token> ReadAll()
    {
        var tokens = new List<Token>();
        while (true)
        {
            SkipBlanksAndComments();
            if (_at >= text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", default, new Span(text.Length, 0)));
                return tokens;
            }

            tokens.Add(Next());
        }
    }

    private void SkipBlanksAndComments()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                _at++;
            }
            else if (text[_at] == '/' && Peek(1) == '/')
            {
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private Token Next()
    {
        var start = _at;
        var c = text[_at];
        if (StringLiteral.PrefixLength(text, _at) is var prefix and >= 0)
        {
            var value = StringLiteral.Read(text, ref _at, prefix);
            return new Token(TokenKind.Literal, "", value, new Span(start, _at - start));
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            var value = NumberLiteral.Read(text, ref _at);
            return new Token(TokenKind.Literal, "", value, new Span(start, _at - start));
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
            {
                _at++;
            }

            return new Token(TokenKind.Identifier, text[start.._at], default, new Span(start, _at - start));
        }

        return c == '`' ? QuotedIdentifier() : Symbol();
    }

    private Token QuotedIdentifier()
    {
        var start = _at;
        var end = text.IndexOf('`', start + 1);
        if (end < 0)
        {
            throw new SyntaxException("this name in backticks has no end; close it with another backtick", new Span(start, 1));
        }

        var name = text[(start + 1)..end];
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-' or '/' or ' ')))
        {
            throw new SyntaxException("a name in backticks has letters, digits, blanks and `_ . - /` only", new Span(start, end + 1 - start));
        }

        _at = end + 1;
        return new Token(TokenKind.QuotedIdentifier, name, default, new Span(start, _at - start));
    }

    private Token Symbol()
    {
        var start = _at;
        foreach (var symbol in TwoCharacterSymbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, 2) == 0)
            {
                _at += 2;
                return new Token(TokenKind.Symbol, symbol, default, new Span(start, 2));
            }
        }

        if ("()[]{}.,:?+-*/%!<>".Contains(text[_at], StringComparison.Ordinal))
        {
            _at++;
            return new Token(TokenKind.Symbol, text[start.._at], default, new Span(start, 1));
        }

        throw new SyntaxException(CureFor(text[_at]), new Span(start, 1));
    }

    private static string CureFor(char c) => c switch
    {
        '=' => "a single `=` means nothing here; write `==` to compare",
        '&' => "write `&&` for and",
        '|' => "write `||` for or",
        '“' or '”' or '„' or '«' or '»' => "write straight quotes, `\"`, around a text",
        '‘' or '’' or '‚' => "write straight quotes, `'`, around a text",
        '–' or '—' or '−' => "write `-` for minus",
        '≤' => "write `<=`",
        '≥' => "write `>=`",
        '≠' => "write `!=`",
        ';' => "an expression has no `;`; join conditions with `&&` or `||`",
        _ when char.IsControl(c) || char.IsSurrogate(c) => "this character cannot stand here; a text goes between quotes",
        _ => $"`{c}` cannot stand here; a text goes between quotes",
    };
}
