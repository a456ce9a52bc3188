using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Decisioning.Engine.Expressions.Patterns;

/// <summary>A set of code points: ranges and Unicode categories, perhaps turned around, perhaps blind to case.</summary>
internal sealed class CharacterSet
{
    public const int Last = 0x10FFFF;

    /// <summary>All categories, one bit each in the order of <see cref="UnicodeCategory"/>.</summary>
    public const uint AllCategories = (1u << 30) - 1;

    private readonly ImmutableArray<(int First, int Last)> _ranges;
    private readonly uint _categories;
    private readonly bool _negated;
    private readonly bool _ignoresCase;
    private readonly UInt128 _ascii;

    public CharacterSet(IEnumerable<(int First, int Last)> ranges, uint categories = 0, bool negated = false, bool ignoresCase = false)
    {
        _ranges = Merged(ranges);
        (_categories, _negated, _ignoresCase) = (categories, negated, ignoresCase);

        // A character by itself, what most sets are, needs no look at all 128.
        var (from, to) = negated || ignoresCase || categories != 0 || _ranges.Length != 1 ? (0, 127) : (_ranges[0].First, Math.Min(_ranges[0].Last, 127));
        for (var c = from; c <= to; c++)
        {
            _ascii |= Holds(c) ? UInt128.One << c : UInt128.Zero;
        }
    }

    public static CharacterSet Any { get; } = new([(0, Last)]);

    public static CharacterSet NotNewLine { get; } = new([('\n', '\n')], negated: true);

    public static CharacterSet Of(int c, bool ignoresCase) => new([(c, c)], ignoresCase: ignoresCase);

    /// <summary>Every code point outside of ranges.</summary>
    public static IEnumerable<(int First, int Last)> Outside(IEnumerable<(int First, int Last)> ranges)
    {
        var from = 0;
        foreach (var (first, last) in Merged(ranges))
        {
            if (first > from)
            {
                yield return (from, first - 1);
            }

            from = last + 1;
        }

        if (from <= Last)
        {
            yield return (from, Last);
        }
    }

    public bool Contains(int c) => c < 128 ? ((_ascii >> c) & UInt128.One) != UInt128.Zero : Holds(c);

    private bool Holds(int c)
    {
        var inside = IsListed(c);
        if (!inside && _ignoresCase && Rune.TryCreate(c, out var rune))
        {
            inside = IsListed(Rune.ToLowerInvariant(rune).Value) || IsListed(Rune.ToUpperInvariant(rune).Value);
        }

        return inside != _negated;
    }

    private bool IsListed(int c)
    {
        if (_categories != 0 && ((_categories >> (int)CharUnicodeInfo.GetUnicodeCategory(c)) & 1) != 0)
        {
            return true;
        }

        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (c < _ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (c > _ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static ImmutableArray<(int First, int Last)> Merged(IEnumerable<(int First, int Last)> ranges)
    {
        var merged = ImmutableArray.CreateBuilder<(int First, int Last)>();
        foreach (var range in ranges.Order())
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged.ToImmutable();
    }
}
