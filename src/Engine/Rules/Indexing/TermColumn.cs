using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Emission;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>The value of a term. Its code tells the values apart that its tests tell apart.</summary>
internal sealed class TermColumn(int index, Term term, TermReader<Facts> reader, IReadOnlyCollection<Leaf> tests) : Column(index)
{
    private readonly CodeTable _codes = new(tests);
    private readonly Dictionary<string, CodeSet> _passing = new(StringComparer.Ordinal);

    public override IEnumerable<Term> Terms => [term];

    public override int Cost => term.IsRead ? 0 : 2;

    protected override int Count => _codes.Count;

    public override int Code(IndexLook look) => reader.Code switch
    {
        Evaluator<Facts, long> whole => whole(look.Facts, out var value) == 0 ? _codes.CodeOf(value) : CodeTable.Failed,
        Evaluator<Facts, double> real => real(look.Facts, out var value) == 0 ? _codes.CodeOf(value) : CodeTable.Failed,
        Evaluator<Facts, bool> truth => truth(look.Facts, out var value) == 0 ? CodeTable.CodeOf(value) : CodeTable.Failed,
        _ => reader.TryRead(look.Facts, out var value) ? _codes.CodeOf(value) : CodeTable.Failed,
    };

    /// <summary>The codes of numbers.</summary>
    public Range Numbers => _codes.Numbers;

    /// <summary>The numbers' codes on which a comparison with a number is true; null for other tests.</summary>
    public Range? TrueOf(Leaf test) => _codes.TrueOf(test);

    /// <summary>What a test comes to on values of a code.</summary>
    public Truth Test(Leaf test, int code) => _codes.Test(test, code);

    public override CodeSet Passing(Predicate? test)
    {
        if (test is Leaf leaf && _codes.TrueOf(leaf) is { } range)
        {
            return new(range.Start.Value, range.End.Value - 1);
        }

        if (!_passing.TryGetValue(test!.Key, out var known))
        {
            var passes = new bool[Count];
            for (var code = 0; code < passes.Length; code++)
            {
                passes[code] = test.Evaluate((Codes: _codes, Code: code), static (at, part) => at.Codes.Test(part, at.Code)) == Truth.True;
            }

            _passing[test.Key] = known = new(passes);
        }

        return known;
    }

    /// <summary>Notes logic that has a test of it among its leaves.</summary>
    public void Feed(Leaf test, int column) => Feed(TrueOf(test) is { } holds
        ? new(column, Numbers.Start.Value, holds.Start.Value, holds.End.Value, Numbers.End.Value)
        : new(column, 0, 0, 0, 0));
}
