using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>Logic over several terms: whether it holds.</summary>
internal sealed class LogicColumn(int index, Predicate predicate, IReadOnlyDictionary<string, TermColumn> columns) : Column(index)
{
    private static readonly CodeSet _holds = new(1, 1);

    private readonly FrozenLogic _logic = FrozenLogic.Of(predicate, columns);

    /// <summary>The logic.</summary>
    public Predicate Predicate => predicate;

    public override IEnumerable<Term> Terms => predicate.Leaves.Select(leaf => leaf.Term);

    public override int Cost => predicate.Leaves.All(leaf => leaf.Term.IsRead) ? 1 : 3;

    protected override int Count => 2;

    public override int Code(IndexLook look) => _logic.Evaluate(look) == Truth.True ? 1 : 0;

    public override CodeSet Passing(Predicate? test) => _holds;
}
