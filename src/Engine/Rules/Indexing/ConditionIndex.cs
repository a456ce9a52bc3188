using System.Collections.Immutable;
using System.Numerics;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>
/// Many conditions at once. Each row is a conjunction of conditions; what they test is coded once per term, and what rules one row
/// out rules out the others of its word that it concerns. Only what is left is asked further, down to parts that no code can tell.
/// INVARIANT (index equals naive): a row holds here exactly when every condition of it tests true.
/// </summary>
internal sealed class ConditionIndex
{
    private readonly Test[][] _rows;

    /// <summary>Makes an index. Immutable and safe to share between threads.</summary>
    /// <param name="rows">The conditions of each row.</param>
    public ConditionIndex(IReadOnlyCollection<ImmutableArray<CompiledExpression<Facts>>> rows)
    {
        var conjuncts = rows.Select(row => row.SelectMany(condition => condition.Predicate.Conjuncts).ToImmutableArray()).ToImmutableArray();
        var terms = TermColumns(conjuncts);
        var columns = new List<Column>(terms.Values.OrderBy(column => column.Index));
        var logic = new Dictionary<string, LogicColumn>(StringComparer.Ordinal);
        var uses = conjuncts.Select((row, index) => UsesOf(row, index, terms, logic, columns)).ToImmutableArray();
        Columns = [.. columns];
        foreach (var column in columns)
        {
            column.Freeze();
        }

        _rows = [.. uses.Select((row, index) => row
            .OrderBy(use => use.Column.Cost)
            .ThenByDescending(use => use.Column.Users)
            .ThenBy(use => use.Column.Index)
            .Select(use => new Test(use.Column, use.Column.SlotOf(index >> 6), use.Column.IsCoarse ? use.Test : null))
            .ToArray())];
    }

    /// <summary>What rows depend on.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>How many rows there are.</summary>
    public int Count => _rows.Length;

    /// <summary>How many words a bitset of rows has.</summary>
    public int Words => (_rows.Length + 63) / 64;

    /// <summary>Whether all conditions of a row hold.</summary>
    public bool Holds(int row, IndexLook look)
    {
        var alive = ulong.MaxValue;
        return Holds(row, look, ref alive);
    }

    /// <summary>Whether all conditions of a row hold.</summary>
    /// <param name="row">The row.</param>
    /// <param name="look">The customer at hand.</param>
    /// <param name="alive">Rows of the same word that may hold: loses those that what rules this row out rules out too.</param>
    public bool Holds(int row, IndexLook look, ref ulong alive)
    {
        var bit = 1UL << (row & 63);
        foreach (ref readonly var test in _rows[row].AsSpan())
        {
            var code = look.CodeOf(test.Column);
            var mask = test.Column.Mask(code, test.Slot);
            if ((mask & bit) == 0)
            {
                alive &= mask;
                return false;
            }

            if (test.Exactly is { } exactly && !test.Column.Allows(exactly, code))
            {
                alive &= ~bit;
                return false;
            }
        }

        return true;
    }

    /// <summary>Of the rows asked for, those that hold.</summary>
    /// <param name="asked">A bitset of rows, 64 a word; bits beyond the last row do not count.</param>
    /// <param name="look">The customer at hand.</param>
    /// <param name="holding">Gets the answer, as many words.</param>
    public void Holding(ReadOnlySpan<ulong> asked, IndexLook look, Span<ulong> holding)
    {
        for (var word = 0; word < asked.Length; word++)
        {
            var there = _rows.Length - (word << 6);
            var alive = asked[word] & (there >= 64 ? ulong.MaxValue : (1UL << there) - 1);
            for (var rest = alive; rest != 0; rest &= alive & (rest - 1))
            {
                Holds((word << 6) + BitOperations.TrailingZeroCount(rest), look, ref alive);
            }

            holding[word] = alive;
        }
    }

    /// <summary>Makes all code now that reading needs, so that no customer waits for it.</summary>
    public void Warm()
    {
        foreach (var column in Columns.OfType<TermColumn>())
        {
            column.Warm();
        }
    }

    private static Dictionary<string, TermColumn> TermColumns(ImmutableArray<ImmutableArray<Predicate>> rows)
    {
        var tests = new Dictionary<string, List<Leaf>>(StringComparer.Ordinal);
        foreach (var leaf in rows.SelectMany(row => row).SelectMany(conjunct => conjunct.Leaves))
        {
            tests.TryAdd(leaf.Term.Key, []);
            tests[leaf.Term.Key].Add(leaf);
        }

        return tests.Select((all, index) => new TermColumn(index, all.Value[0].Term, all.Value)).ToDictionary(column => column.Terms.First().Key, StringComparer.Ordinal);
    }

    // Conjuncts about one term become one test of its column; logic over several terms becomes a column of its own.
    private static ImmutableArray<(Column Column, Predicate? Test)> UsesOf(
        ImmutableArray<Predicate> row, int index, Dictionary<string, TermColumn> terms, Dictionary<string, LogicColumn> logic, List<Column> columns)
    {
        var uses = ImmutableArray.CreateBuilder<(Column, Predicate?)>();
        foreach (var same in row.Where(conjunct => conjunct is not Predicate.Always { Holds: true }).GroupBy(GroupOf, StringComparer.Ordinal))
        {
            if (terms.TryGetValue(same.Key, out var column))
            {
                var test = Predicate.AllOf(same, same.First().At);
                column.Use(index, test);
                uses.Add((column, test));
                continue;
            }

            var predicate = same.First();
            if (!logic.TryGetValue(predicate.Key, out var whole))
            {
                logic[predicate.Key] = whole = new(columns.Count, predicate, terms);
                columns.Add(whole);
            }

            whole.Use(index, null);
            uses.Add((whole, null));
        }

        return uses.ToImmutable();
    }

    private static string GroupOf(Predicate conjunct)
    {
        var keys = conjunct.Leaves.Select(leaf => leaf.Term.Key).Distinct(StringComparer.Ordinal).Take(2).ToList();
        return keys.Count == 1 ? keys[0] : "\0" + conjunct.Key;
    }

    /// <summary>What a row asks of a column.</summary>
    /// <param name="Column">The column.</param>
    /// <param name="Slot">The place of the row's word in the column's bitsets.</param>
    /// <param name="Exactly">What to ask beyond the bitset; null for nothing.</param>
    private readonly record struct Test(Column Column, int Slot, Predicate? Exactly);
}
