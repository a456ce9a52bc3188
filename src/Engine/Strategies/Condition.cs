using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Strategies;

/// <summary>A condition as an author wrote it, compiled.</summary>
/// <param name="Path">Where it stands in the strategy, e.g. <c>rules.loan-intent.behaviour</c>: the id that reasons give.</param>
/// <param name="Expression">The compiled expression, of type bool.</param>
public sealed record Condition(string Path, CompiledExpression<Facts> Expression)
{
    /// <summary>Whether it holds: true, false, or error (something it needs is not there).</summary>
    public Truth Test(Facts facts) => Expression.Test(facts);
}
