using System.Collections.Frozen;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// The values of a term as small numbers: two values with one code are the same to every test of the term. Null, a failure, a
/// value of another kind have codes of their own; n constants of a kind make 2n + 1: at each, between each two, below and above all.
/// </summary>
internal sealed class CodeTable
{
    /// <summary>The term could not be evaluated.</summary>
    public const int Failed = 0;

    private const int Null = 1;
    private const int Other = 2;
    private const int False = 3;
    private const int True = 4;
    private const int First = 5;

    private readonly List<Dyn?> _samples = [null, Dyn.Null, Dyn.Of(CelList.Of(Array.Empty<Dyn>())), Dyn.Of(false), Dyn.Of(true)];
    private readonly Dyn[] _numbers;
    private readonly long[]? _whole;
    private readonly double[]? _real;
    private readonly int _notANumber;
    private readonly string[] _texts;
    private readonly FrozenDictionary<string, int> _codeOfText;
    private readonly bool _ordersTexts;
    private readonly int _firstText;
    private readonly long[] _instants;
    private readonly int _firstInstant;
    private readonly long[] _spans;
    private readonly int _firstSpan;

    /// <summary>Makes the codes that some tests of one term can tell apart.</summary>
    public CodeTable(IReadOnlyCollection<Leaf> tests)
    {
        var constants = tests.SelectMany(ConstantsOf).ToList();
        _numbers = [.. constants.Where(IsNumber).Order(Comparer<Dyn>.Create(DynEquality.CompareNumbers)).Aggregate(new List<Dyn>(), WithoutTwins)];
        _whole = Array.TrueForAll(_numbers, number => number.Kind == DynKind.Int) ? Array.ConvertAll(_numbers, number => number.Int) : null;
        _real = Array.ConvertAll(_numbers, AsDouble);
        AddNumbers();
        _notANumber = Add(Dyn.Of(double.NaN));

        _texts = [.. constants.Where(constant => constant.Kind == DynKind.String).Select(constant => constant.String).Distinct(StringComparer.Ordinal).Order(Comparer<string>.Create(DynEquality.CompareText))];
        _ordersTexts = tests.Any(test => test is Leaf.Compare { Operator: not (Operator.Equal or Operator.NotEqual), Constant.Kind: DynKind.String });
        _firstText = _samples.Count;
        AddTexts();
        _codeOfText = _texts.Index().ToFrozenDictionary(text => text.Item, text => _firstText + (2 * text.Index) + 1, StringComparer.Ordinal);

        (_instants, _firstInstant) = AddTicks(constants, DynKind.Timestamp, ticks => Dyn.Of(new DateTimeOffset(ticks, TimeSpan.Zero)), DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks);
        (_spans, _firstSpan) = AddTicks(constants, DynKind.Duration, ticks => Dyn.Of(new TimeSpan(ticks)), long.MinValue, long.MaxValue);
    }

    /// <summary>How many codes there are.</summary>
    public int Count => _samples.Count;

    /// <summary>The codes of numbers, in the numbers' order.</summary>
    public Range Numbers => First.._notANumber;

    /// <summary>The numbers' codes on which a comparison with a number is true; null for other tests. Not all other numbers' codes are in one piece for `!=`.</summary>
    public Range? TrueOf(Leaf test)
    {
        if (test is not Leaf.Compare { Constant: var constant, Operator: var comparison } || !IsNumber(constant) || (constant.Kind == DynKind.Double && double.IsNaN(constant.Double)))
        {
            return null;
        }

        var at = CodeOf(constant);
        return comparison switch
        {
            Operator.Less => First..at,
            Operator.LessOrEqual => First..(at + 1),
            Operator.Greater => (at + 1).._notANumber,
            Operator.GreaterOrEqual => at.._notANumber,
            Operator.Equal => at..(at + 1),
            _ => null,
        };
    }

    /// <summary>What a test comes to on values of a code.</summary>
    public Truth Test(Leaf test, int code) => _samples[code] is { } sample ? test.Test(sample) : Truth.Error;

    public static int CodeOf(bool value) => value ? True : False;

    public int CodeOf(long value)
    {
        if (_whole is null)
        {
            return CodeOfNumber(Dyn.Of(value));
        }

        var (low, high) = (0, _whole.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_whole[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return First + (2 * low) + (low < _whole.Length && _whole[low] == value ? 1 : 0);
    }

    public int CodeOf(double value)
    {
        if (double.IsNaN(value))
        {
            return _notANumber;
        }

        // Constants are at most 2^53, so each is exact as a double.
        var (low, high) = (0, _real!.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_real[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return First + (2 * low) + (low < _real.Length && _real[low] == value ? 1 : 0);
    }

    public int CodeOf(string? value)
    {
        if (value is null)
        {
            return Null;
        }

        if (_codeOfText.TryGetValue(value, out var code))
        {
            return code;
        }

        if (!_ordersTexts)
        {
            return _firstText;
        }

        var at = Array.BinarySearch(_texts, value, Comparer<string>.Create(DynEquality.CompareText));
        return _firstText + (2 * ~at);
    }

    /// <summary>The code of a value of any kind.</summary>
    public int CodeOf(Dyn value) => value.Kind switch
    {
        DynKind.Null => Null,
        DynKind.Bool => CodeOf(value.Bool),
        DynKind.Int => CodeOf(value.Int),
        DynKind.Double => CodeOf(value.Double),
        DynKind.UInt => CodeOfNumber(value),
        DynKind.String => CodeOf(value.String),
        DynKind.Timestamp => _firstInstant + Position(_instants, value.Int),
        DynKind.Duration => _firstSpan + Position(_spans, value.Int),
        _ => Other,
    };

    private static IEnumerable<Dyn> ConstantsOf(Leaf test) => test switch
    {
        Leaf.Compare compare => [compare.Constant],
        Leaf.Among among => among.Constants,
        _ => [],
    };

    private static bool IsNumber(Dyn value) => value.Kind is DynKind.Int or DynKind.UInt or DynKind.Double;

    private static double AsDouble(Dyn number) => number.Kind switch { DynKind.Int => number.Int, DynKind.UInt => number.UInt, _ => number.Double };

    private static List<Dyn> WithoutTwins(List<Dyn> kept, Dyn next)
    {
        if (kept.Count == 0 || DynEquality.CompareNumbers(kept[^1], next) != 0)
        {
            kept.Add(next);
        }

        return kept;
    }

    private static int Position(long[] constants, long value) => Array.BinarySearch(constants, value) is var at && at >= 0 ? (2 * at) + 1 : 2 * ~at;

    private int CodeOfNumber(Dyn value)
    {
        var (low, high) = (0, _numbers.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (DynEquality.CompareNumbers(_numbers[middle], value) == -1)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return First + (2 * low) + (low < _numbers.Length && DynEquality.CompareNumbers(_numbers[low], value) == 0 ? 1 : 0);
    }

    private int Add(Dyn? sample)
    {
        _samples.Add(sample);
        return _samples.Count - 1;
    }

    // A sample that is missing stands for values there are none of, such as those between two neighbours.
    private void AddNumbers()
    {
        for (var i = 0; i < _numbers.Length; i++)
        {
            var (before, at) = (i == 0 ? double.NegativeInfinity : _real![i - 1], _real![i]);
            var between = i == 0 ? before : before + ((at - before) / 2);
            Add(i == 0 || (between > before && between < at) ? Dyn.Of(between) : null);
            Add(_numbers[i]);
        }

        Add(Dyn.Of(double.PositiveInfinity));
    }

    private void AddTexts()
    {
        for (var i = 0; i < _texts.Length; i++)
        {
            // The next text after one is the same with a zero behind; where texts are only compared for equality any other one will do.
            var before = i == 0 ? "" : _texts[i - 1] + "\0";
            Add(DynEquality.CompareText(before, _texts[i]) < 0 ? Dyn.Of(before) : _ordersTexts || i > 0 ? null : Dyn.Of(_texts[^1] + "\0"));
            Add(Dyn.Of(_texts[i]));
        }

        Add(Dyn.Of(_texts.Length == 0 ? "" : _texts[^1] + "\0"));
    }

    private (long[] Constants, int First) AddTicks(List<Dyn> constants, DynKind kind, Func<long, Dyn> sample, long lowest, long highest)
    {
        long[] ticks = [.. constants.Where(constant => constant.Kind == kind).Select(constant => constant.Int).Distinct().Order()];
        var first = _samples.Count;
        for (var i = 0; i < ticks.Length; i++)
        {
            var before = i == 0 ? lowest : ticks[i - 1] + 1;
            Add(before < ticks[i] ? sample(before) : null);
            Add(sample(ticks[i]));
        }

        Add(ticks.Length == 0 ? sample(0) : ticks[^1] < highest ? sample(highest) : null);
        return (ticks, first);
    }
}
