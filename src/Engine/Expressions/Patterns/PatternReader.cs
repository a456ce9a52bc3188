using System.Collections.Immutable;
using System.Globalization;

namespace Decisioning.Engine.Expressions.Patterns;

/// <summary>Reads the syntax of RE2, which CEL prescribes: no back references and no looking ahead or behind.</summary>
internal sealed partial class PatternReader(string text)
{
    private const int RepeatMax = 1_000;

    private int _at;
    private Flags _flags;

    private bool IsAtEnd => _at >= text.Length;

    public Piece ReadAll()
    {
        var piece = Either();
        return IsAtEnd ? piece : throw new PatternException("`)` has no `(` before it");
    }

    private Piece Either()
    {
        var outer = _flags;
        var choices = new List<Piece> { Sequence() };
        while (!IsAtEnd && text[_at] == '|')
        {
            _at++;
            choices.Add(Sequence());
        }

        _flags = outer;
        return choices.Count == 1 ? choices[0] : new Piece.Either([.. choices]);
    }

    private Piece.Sequence Sequence()
    {
        var parts = ImmutableArray.CreateBuilder<Piece>();
        while (!IsAtEnd && text[_at] is not ('|' or ')'))
        {
            if (text.AsSpan(_at).StartsWith("\\Q"))
            {
                Quoted(parts);
            }
            else if (Atom() is { } atom)
            {
                parts.Add(Repeats(atom));
            }
        }

        return new Piece.Sequence(parts.ToImmutable());
    }

    // Null for a group that sets flags only.
    private Piece? Atom()
    {
        var c = text[_at];
        switch (c)
        {
            case '(':
                return Group();
            case '[':
                return Class();
            case '.':
                _at++;
                return new Piece.One(_flags.HasFlag(Flags.DotAll) ? CharacterSet.Any : CharacterSet.NotNewLine);
            case '^':
                _at++;
                return new Piece.At(_flags.HasFlag(Flags.Lines) ? Edge.LineStart : Edge.TextStart);
            case '$':
                _at++;
                return new Piece.At(_flags.HasFlag(Flags.Lines) ? Edge.LineEnd : Edge.TextEnd);
            case '*' or '+' or '?':
                throw new PatternException($"`{c}` has nothing before it to repeat; a literal one is written `\\{c}`");
            case '\\':
                return Escaped();
            default:
                return new Piece.One(CharacterSet.Of(CodePoint(), _flags.HasFlag(Flags.IgnoresCase)));
        }
    }

    private Piece? Group()
    {
        _at++;
        var outer = _flags;
        if (!IsAtEnd && text[_at] == '?')
        {
            _at++;
            if (!GroupHead())
            {
                return null;
            }
        }

        var inner = Either();
        _flags = outer;
        if (IsAtEnd)
        {
            throw new PatternException("a `(` is not closed");
        }

        _at++;
        return inner;
    }

    // What follows `(?`: a name, flags for the group, or (false) flags for the rest.
    private bool GroupHead()
    {
        var rest = text.AsSpan(_at);
        if (rest.StartsWith("=") || rest.StartsWith("!") || rest.StartsWith("<=") || rest.StartsWith("<!"))
        {
            throw new PatternException("looking ahead or behind is not possible");
        }

        if (rest.StartsWith("P<") || rest.StartsWith("<"))
        {
            var end = rest.IndexOf('>');
            var name = end < 0 ? "" : rest[(rest.IndexOf('<') + 1)..end];
            _at += end + 1;
            return name.Length > 0 && name.ToString().All(c => CharacterClasses.IsWord(c)) ? true : throw new PatternException("the name of a group is written `(?P<name>…)`");
        }

        for (var isOn = true; !IsAtEnd; _at++)
        {
            switch (text[_at])
            {
                case '-':
                    isOn = false;
                    break;
                case ':':
                    _at++;
                    return true;
                case ')':
                    _at++;
                    return false;
                case var letter:
                    var flag = letter switch { 'i' => Flags.IgnoresCase, 'm' => Flags.Lines, 's' => Flags.DotAll, 'U' => Flags.None, _ => throw new PatternException($"`(?{letter}` is not known; there are `i`, `m`, `s`, `(?:…)` and `(?P<name>…)`") };
                    _flags = isOn ? _flags | flag : _flags & ~flag;
                    break;
            }
        }

        throw new PatternException("a `(` is not closed");
    }

    private Piece Repeats(Piece atom)
    {
        if (IsAtEnd || Counts() is not var (min, max))
        {
            return atom;
        }

        if (!IsAtEnd && text[_at] == '?')
        {
            // Whether a repeat takes much or little makes no difference to whether the text matches.
            _at++;
        }

        var isRepeatedAgain = !IsAtEnd && text[_at] is '*' or '+' or '?';
        return isRepeatedAgain ? throw new PatternException($"`{text[_at]}` follows another repeat; put the first into `(?:…)`") : new Piece.Repeated(atom, min, max);
    }

    private (int Min, int? Max)? Counts()
    {
        switch (text[_at])
        {
            case '*':
                _at++;
                return (0, null);
            case '+':
                _at++;
                return (1, null);
            case '?':
                _at++;
                return (0, 1);
            case '{' when text.IndexOf('}', _at) is > 0 and var end:
                var numbers = text[(_at + 1)..end].Split(',');
                var max = 0;
                if (numbers.Length > 2 || !IsCount(numbers[0], out var min) || (numbers.Length == 2 && numbers[1].Length > 0 && !IsCount(numbers[1], out max)))
                {
                    // A brace that is no count stands for itself.
                    return null;
                }

                _at = end + 1;
                int? most = numbers.Length == 1 ? min : numbers[1].Length == 0 ? null : max;
                return Math.Max(min, most ?? 0) > RepeatMax ? throw new PatternException($"a repeat goes up to {RepeatMax}")
                    : most < min ? throw new PatternException($"`{{{min},{most}}}` goes from more to less")
                    : (min, most);
            default:
                return null;
        }
    }

    // One that is too large to be a number is too large for a repeat as well.
    private static bool IsCount(string digits, out int count)
    {
        count = int.MaxValue;
        return digits.Length > 0 && digits.All(char.IsAsciiDigit) && (digits.Length > 9 || int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count));
    }

    private void Quoted(ImmutableArray<Piece>.Builder parts)
    {
        _at += 2;
        var before = parts.Count;
        while (!IsAtEnd && !text.AsSpan(_at).StartsWith("\\E"))
        {
            parts.Add(new Piece.One(CharacterSet.Of(CodePoint(), _flags.HasFlag(Flags.IgnoresCase))));
        }

        _at = Math.Min(_at + 2, text.Length);
        if (parts.Count > before)
        {
            parts[^1] = Repeats(parts[^1]);
        }
    }

    private int CodePoint()
    {
        var c = char.IsSurrogatePair(text, Math.Min(_at, text.Length - 1)) ? char.ConvertToUtf32(text[_at], text[_at + 1]) : text[_at];
        _at += c > char.MaxValue ? 2 : 1;
        return c;
    }

    [Flags]
    private enum Flags
    {
        None = 0,
        IgnoresCase = 1,
        Lines = 2,
        DotAll = 4,
    }
}
