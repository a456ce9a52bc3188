using System.Collections.Immutable;
using System.Numerics;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// Many conditions at once. Each row is a conjunction of conditions; what they test is coded once per term, and a test is whether a
/// code lies between two others. What no code can tell is asked last, of the rows that are left.
/// INVARIANT (index equals naive): a row holds here exactly when every condition of it tests true.
/// </summary>
internal sealed class ConditionIndex
{
    private readonly Test[] _tests;
    private readonly int[] _starts;
    private readonly ImmutableArray<CodeSet> _sets;
    private readonly ImmutableArray<ImmutableArray<Predicate>> _conjuncts;
    private readonly Dictionary<string, TermColumn> _terms;
    private readonly FrozenLogic?[] _truths;
    private readonly ImmutableArray<ImmutableArray<(Column Column, CodeSet Passes)>> _uses;

    /// <summary>Makes an index. Immutable and safe to share between threads.</summary>
    /// <param name="rows">The conditions of each row.</param>
    /// <param name="readers">The readers of the strategy's terms.</param>
    /// <param name="watched">The rows to find when something changes; the others are only asked by their number.</param>
    public ConditionIndex(IReadOnlyCollection<ImmutableArray<CompiledExpression<Facts>>> rows, TermReaders<Facts> readers, Func<int, bool>? watched = null)
    {
        var conjuncts = rows.Select(row => row.SelectMany(condition => condition.Predicate.Conjuncts).ToImmutableArray()).ToImmutableArray();
        var terms = ColumnsOf(conjuncts, readers);
        var columns = new List<Column>(terms.Values.OrderBy(column => column.Index));
        var logic = new Dictionary<string, LogicColumn>(StringComparer.Ordinal);
        var uses = conjuncts.Select(row => UsesOf(row, terms, logic, columns)).ToImmutableArray();
        foreach (var (index, row) in uses.Index())
        {
            foreach (var (column, passes) in row)
            {
                column.Use(index, passes, watched?.Invoke(index) == true);
            }
        }

        foreach (var column in columns)
        {
            column.Freeze();
        }

        Columns = [.. columns];
        TermColumns = terms.Count;
        var (tests, starts, sets) = (new List<Test>(), new List<int>(), new List<CodeSet>());
        foreach (var row in uses)
        {
            starts.Add(tests.Count);
            foreach (var (column, passes) in row.OrderBy(use => use.Column.Cost).ThenByDescending(use => use.Column.Users).ThenBy(use => use.Column.Index))
            {
                tests.Add(passes.IsWhole ? new(column.Index, passes.Low, passes.High) : new(column.Index, -1, sets.Count));
                if (!passes.IsWhole)
                {
                    sets.Add(passes);
                }
            }
        }

        starts.Add(tests.Count);
        (_tests, _starts, _sets) = ([.. tests], [.. starts], [.. sets]);
        (_conjuncts, _terms, _truths, _uses) = (conjuncts, terms, new FrozenLogic?[conjuncts.Length], uses);
    }

    /// <summary>What rows depend on: terms first, then logic over them.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>How many of the columns are terms.</summary>
    public int TermColumns { get; }

    /// <summary>Tells this index from others without keeping it alive.</summary>
    public object Identity { get; } = new();

    /// <summary>How many rows there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>How many words a bitset of rows has.</summary>
    public int Words => (Count + 63) / 64;

    /// <summary>Whether all conditions of a row hold.</summary>
    public bool Holds(int row, IndexLook look)
    {
        foreach (ref readonly var test in _tests.AsSpan(_starts[row].._starts[row + 1]))
        {
            var code = look.CodeOf(test.Column);
            if (test.Low >= 0 ? code < test.Low || code > test.High : !_sets[test.High].Contains(code))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What a row needs: of each clause a test that passes. For those who ask many rows at once.</summary>
    public IEnumerable<ImmutableArray<CodeTest>> ClausesOf(int row) => _uses[row].Select(use => use.Column is LogicColumn logic
        ? ClauseOf(logic.Predicate) ?? [new(logic.Index, use.Passes)]
        : [new CodeTest(use.Column.Index, use.Passes)]);

    // Any of some tests is true where one of them is, whatever the others come to.
    private ImmutableArray<CodeTest>? ClauseOf(Predicate predicate) => predicate is Predicate.Any any && any.Parts.All(part => part is Leaf)
        ? [.. any.Parts.GroupBy(GroupOf, StringComparer.Ordinal).Select(same => (Column: _terms[same.Key], Test: Predicate.AnyOf(same, same.First().At))).Select(test => new CodeTest(test.Column.Index, test.Column.Passing(test.Test)))]
        : null;

    /// <summary>What all conditions of a row come to together: tells one that does not hold from one that cannot be told. For explanations.</summary>
    public Truth TruthOf(int row, IndexLook look) => (_truths[row] ??= FrozenLogic.Of(Predicate.AllOf(_conjuncts[row], default), _terms)).Evaluate(look);

    /// <summary>Of the rows asked for, those that hold.</summary>
    /// <param name="asked">A bitset of rows, 64 a word; bits beyond the last row do not count.</param>
    /// <param name="look">The customer at hand.</param>
    /// <param name="holding">Gets the answer, as many words.</param>
    public void Holding(ReadOnlySpan<ulong> asked, IndexLook look, Span<ulong> holding)
    {
        for (var word = 0; word < asked.Length; word++)
        {
            var there = Count - (word << 6);
            var held = 0UL;
            for (var rest = asked[word] & (there >= 64 ? ulong.MaxValue : (1UL << there) - 1); rest != 0; rest &= rest - 1)
            {
                if (Holds((word << 6) + BitOperations.TrailingZeroCount(rest), look))
                {
                    held |= rest & (~rest + 1);
                }
            }

            holding[word] = held;
        }
    }

    private static Dictionary<string, TermColumn> ColumnsOf(ImmutableArray<ImmutableArray<Predicate>> rows, TermReaders<Facts> readers)
    {
        var tests = new Dictionary<string, List<Leaf>>(StringComparer.Ordinal);
        foreach (var leaf in rows.SelectMany(row => row).SelectMany(conjunct => conjunct.Leaves))
        {
            tests.TryAdd(leaf.Term.Key, []);
            tests[leaf.Term.Key].Add(leaf);
        }

        return tests.Select((all, index) => new TermColumn(index, all.Value[0].Term, readers.Of(all.Value[0].Term), all.Value)).ToDictionary(column => column.Terms.First().Key, StringComparer.Ordinal);
    }

    // Conjuncts about one term become one test of its column; logic over several terms becomes a column of its own.
    private static ImmutableArray<(Column Column, CodeSet Passes)> UsesOf(
        ImmutableArray<Predicate> row, Dictionary<string, TermColumn> terms, Dictionary<string, LogicColumn> logic, List<Column> columns)
    {
        var uses = ImmutableArray.CreateBuilder<(Column, CodeSet)>();
        foreach (var same in row.Where(conjunct => conjunct is not Predicate.Always { Holds: true }).GroupBy(GroupOf, StringComparer.Ordinal))
        {
            if (terms.TryGetValue(same.Key, out var column))
            {
                uses.Add((column, column.Passing(Predicate.AllOf(same, same.First().At))));
                continue;
            }

            var predicate = same.First();
            if (!logic.TryGetValue(predicate.Key, out var whole))
            {
                logic[predicate.Key] = whole = new(columns.Count, predicate, terms);
                columns.Add(whole);
                foreach (var leaf in predicate.Leaves)
                {
                    terms[leaf.Term.Key].Feed(leaf, whole.Index);
                }
            }

            uses.Add((whole, whole.Passing(null)));
        }

        return uses.ToImmutable();
    }

    private static string GroupOf(Predicate conjunct)
    {
        var keys = conjunct.Leaves.Select(leaf => leaf.Term.Key).Distinct(StringComparer.Ordinal).Take(2).ToList();
        return keys.Count == 1 ? keys[0] : "\0" + conjunct.Key;
    }

    /// <summary>What a row asks of a column.</summary>
    /// <param name="Column">The column, by its index.</param>
    /// <param name="Low">The lowest code that passes; -1 when those that pass have gaps.</param>
    /// <param name="High">The highest code that passes, or the number of the set of those that do.</param>
    private readonly record struct Test(int Column, int Low, int High);
}
