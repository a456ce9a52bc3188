using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// Conditions asked one by one through the readers of the strategy's terms: slower than their own code, but a strategy of thousands of
/// conditions has few terms, and code need not be made of each condition for an explanation.
/// </summary>
internal static class TermTests
{
    /// <summary>What a condition comes to; the same as its own code does.</summary>
    public static Truth Test(Condition condition, Facts facts) => condition.Expression.Predicate.Evaluate(facts, Ask);

    /// <summary>What a leaf comes to.</summary>
    public static Truth Ask(Facts facts, Leaf leaf) => facts.Strategy.TermReaders.Of(leaf.Term).TryRead(facts, out var value) ? leaf.Test(value) : Truth.Error;
}
