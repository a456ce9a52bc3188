using System.Globalization;

namespace Decisioning.Engine.Expressions.Patterns;

/// <summary>Escape sequences and classes of characters.</summary>
internal sealed partial class PatternReader
{
    private bool IgnoresCase => _flags.HasFlag(Flags.IgnoresCase);

    private Piece Escaped()
    {
        if (_at + 1 >= text.Length)
        {
            throw new PatternException("a `\\` stands at the end; a literal one is written `\\\\`");
        }

        switch (text[_at + 1])
        {
            case 'A':
                _at += 2;
                return new Piece.At(Edge.TextStart);
            case 'z':
                _at += 2;
                return new Piece.At(Edge.TextEnd);
            case 'b':
                _at += 2;
                return new Piece.At(Edge.Word);
            case 'B':
                _at += 2;
                return new Piece.At(Edge.NoWord);
            case >= '1' and <= '9':
                throw new PatternException("a reference back to a group is not possible");
            case 'Z':
                throw new PatternException("the end of the text is written `\\z` or `$`");
        }

        var ranges = new List<(int First, int Last)>();
        var categories = 0u;
        Escape(ranges, ref categories);
        return new Piece.One(new CharacterSet(ranges, categories, ignoresCase: IgnoresCase));
    }

    /// <summary>An escape sequence of characters, inside of a class or outside. Gives the one character that it stands for, or none.</summary>
    private int? Escape(List<(int First, int Last)> ranges, ref uint categories)
    {
        var letter = _at + 1 < text.Length ? text[_at + 1] : throw new PatternException("a `\\` stands at the end; a literal one is written `\\\\`");
        if (CharacterClasses.Perl(letter) is { } perl)
        {
            _at += 2;
            ranges.AddRange(perl);
            return null;
        }

        if (letter is 'p' or 'P')
        {
            _at += 2;
            var name = CategoryName();
            var isOpposite = letter == 'P' != name.StartsWith('^');
            var found = CharacterClasses.CategoriesOf(name.TrimStart('^'));
            categories |= found == 0 ? throw new PatternException($"`\\p{{{name}}}` is no category of Unicode; write such as `\\p{{L}}` or `\\p{{Lu}}`") : isOpposite ? CharacterSet.AllCategories & ~found : found;
            return null;
        }

        var c = Character(letter);
        ranges.Add((c, c));
        return c;
    }

    private string CategoryName()
    {
        if (IsAtEnd)
        {
            throw new PatternException("`\\p` wants a category after it, such as `\\p{L}`");
        }

        var end = text[_at] == '{' ? text.IndexOf('}', _at) : _at;
        var name = end < 0 ? "" : text[_at] == '{' ? text[(_at + 1)..end] : text[_at..(_at + 1)];
        _at = Math.Max(end, _at) + 1;
        return name;
    }

    private int Character(char letter)
    {
        _at += 2;
        switch (letter)
        {
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'x':
                return Hexadecimal();
            case '0':
                var end = _at;
                while (end < text.Length && end < _at + 2 && text[end] is >= '0' and <= '7')
                {
                    end++;
                }

                var octal = text[_at..end].Aggregate(0, (value, digit) => (value * 8) + (digit - '0'));
                _at = end;
                return octal;
            default:
                if (char.IsAsciiLetterOrDigit(letter))
                {
                    throw new PatternException($"`\\{letter}` means nothing");
                }

                _at--;
                return CodePoint();
        }
    }

    private int Hexadecimal()
    {
        var braced = !IsAtEnd && text[_at] == '{';
        var end = braced ? text.IndexOf('}', _at) : Math.Min(_at + 2, text.Length);
        var digits = end < 0 ? "" : text[(_at + (braced ? 1 : 0))..end];
        if (digits.Length is 0 or > 6 || (!braced && digits.Length < 2) || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > CharacterSet.Last)
        {
            throw new PatternException("`\\x` wants two hexadecimal digits, or up to six in braces: `\\x{1F600}`");
        }

        _at = end + (braced ? 1 : 0);
        return value;
    }

    private Piece.One Class()
    {
        _at++;
        var isNegated = !IsAtEnd && text[_at] == '^';
        _at += isNegated ? 1 : 0;
        var ranges = new List<(int First, int Last)>();
        var categories = 0u;
        for (var isFirst = true; ; isFirst = false)
        {
            if (IsAtEnd)
            {
                throw new PatternException("a `[` is not closed");
            }

            if (text[_at] == ']' && !isFirst)
            {
                _at++;
                return new Piece.One(new CharacterSet(ranges, categories, isNegated, IgnoresCase));
            }

            Item(ranges, ref categories);
        }
    }

    private void Item(List<(int First, int Last)> ranges, ref uint categories)
    {
        if (text.AsSpan(_at).StartsWith("[:") && text.IndexOf(":]", _at, StringComparison.Ordinal) is > 0 and var end)
        {
            var name = text[(_at + 2)..end];
            ranges.AddRange(CharacterClasses.Named(name) ?? throw new PatternException($"`[:{name}:]` is not known; write such as `[:alpha:]`"));
            _at = end + 2;
            return;
        }

        int first;
        if (text[_at] == '\\')
        {
            if (Escape(ranges, ref categories) is not { } one)
            {
                return;
            }

            first = one;
        }
        else
        {
            first = CodePoint();
            ranges.Add((first, first));
        }

        if (_at + 1 >= text.Length || text[_at] != '-' || text[_at + 1] == ']')
        {
            return;
        }

        _at++;
        var ignored = 0u;
        var last = text[_at] == '\\' ? Escape([], ref ignored) ?? throw new PatternException("a range of characters ends in one character") : CodePoint();
        ranges.Add(last >= first ? (first, last) : throw new PatternException("a range of characters goes backwards"));
    }
}
