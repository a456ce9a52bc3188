using System.Collections.Immutable;
using Decisioning.Engine.Rules.Indexing;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// What conditions need of the same columns, each clause with the actions that need it: one look at the codes serves all of them, and a clause then costs
/// two comparisons.
/// </summary>
internal abstract class AdmissionGates
{
    private readonly ActionSet _all;

    private AdmissionGates(IEnumerable<(ImmutableArray<CodeTest> Clause, int Position)> needs) => _all = ActionSet.Of(needs.Select(need => need.Position));

    /// <summary>Prepares clauses about the same columns, in the same order.</summary>
    public static AdmissionGates Of(ImmutableArray<(ImmutableArray<CodeTest> Clause, int Position)> needs) =>
        needs.Any(need => need.Clause.Length > 2 || need.Clause.Any(test => !test.Passes.IsWhole)) ? new Whole(needs)
        : needs[0].Clause.Length == 1 ? new One(needs)
        : new Either(needs);

    /// <summary>Takes out those whose clauses do not hold. Columns that nobody left depends on are not asked.</summary>
    public void Leave(IndexLook look, Span<ulong> open)
    {
        if (_all.Overlaps(open))
        {
            LeaveSome(look, open);
        }
    }

    protected abstract void LeaveSome(IndexLook look, Span<ulong> open);

    // Those who need the same are asked together.
    private static IEnumerable<(T Passes, ActionSet Actions)> Together<T>(IEnumerable<(ImmutableArray<CodeTest> Clause, int Position)> needs, Func<ImmutableArray<CodeTest>, T> passes) => needs
        .GroupBy(need => passes(need.Clause), need => need.Position)
        .Select(same => (same.Key, ActionSet.Of(same)));

    private static (int Low, int High) Range(CodeTest test) => (test.Passes.Low, test.Passes.High);

    /// <summary>A code within a range.</summary>
    private sealed class One(ImmutableArray<(ImmutableArray<CodeTest> Clause, int Position)> needs) : AdmissionGates(needs)
    {
        private readonly int _column = needs[0].Clause[0].Column;
        private readonly ((int Low, int High) Passes, ActionSet Actions)[] _gates = [.. Together(needs, clause => Range(clause[0]))];

        protected override void LeaveSome(IndexLook look, Span<ulong> open)
        {
            var code = look.CodeOf(_column);
            foreach (ref readonly var gate in _gates.AsSpan())
            {
                if (code < gate.Passes.Low || code > gate.Passes.High)
                {
                    gate.Actions.RemoveFrom(open);
                }
            }
        }
    }

    /// <summary>One of two codes within a range.</summary>
    private sealed class Either(ImmutableArray<(ImmutableArray<CodeTest> Clause, int Position)> needs) : AdmissionGates(needs)
    {
        private readonly int _left = needs[0].Clause[0].Column;
        private readonly int _right = needs[0].Clause[1].Column;
        private readonly (((int Low, int High) Left, (int Low, int High) Right) Passes, ActionSet Actions)[] _gates =
            [.. Together(needs, clause => (Range(clause[0]), Range(clause[1])))];

        protected override void LeaveSome(IndexLook look, Span<ulong> open)
        {
            var (left, right) = (look.CodeOf(_left), look.CodeOf(_right));
            foreach (ref readonly var gate in _gates.AsSpan())
            {
                ref readonly var passes = ref gate.Passes;
                if ((left < passes.Left.Low || left > passes.Left.High) && (right < passes.Right.Low || right > passes.Right.High))
                {
                    gate.Actions.RemoveFrom(open);
                }
            }
        }
    }

    /// <summary>Any other: one of several codes, or codes with gaps between those that pass.</summary>
    private sealed class Whole(ImmutableArray<(ImmutableArray<CodeTest> Clause, int Position)> needs) : AdmissionGates(needs)
    {
        private readonly (ImmutableArray<CodeTest> Clause, ActionSet Actions)[] _gates =
        [
            .. needs.GroupBy(need => string.Join(' ', need.Clause.Select(test => test.Passes)), StringComparer.Ordinal)
                .Select(same => (same.First().Clause, ActionSet.Of(same.Select(need => need.Position)))),
        ];

        protected override void LeaveSome(IndexLook look, Span<ulong> open)
        {
            foreach (ref readonly var gate in _gates.AsSpan())
            {
                if (gate.Actions.Overlaps(open) && !Holds(gate.Clause, look))
                {
                    gate.Actions.RemoveFrom(open);
                }
            }
        }

        private static bool Holds(ImmutableArray<CodeTest> clause, IndexLook look)
        {
            foreach (var test in clause)
            {
                if (test.Passes.Contains(look.CodeOf(test.Column)))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
