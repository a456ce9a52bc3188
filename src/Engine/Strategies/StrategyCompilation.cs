using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies;

/// <summary>What came of compiling a strategy.</summary>
/// <param name="Strategy">The strategy; null when there are errors. Warnings stop nothing.</param>
/// <param name="Errors">Every mistake; empty for none. In the order of the files, then by line and column.</param>
/// <param name="Warnings">What the strategy can run with but its author should look at, in the same order.</param>
public sealed record StrategyCompilation(Strategy? Strategy, ImmutableArray<Finding> Errors, ImmutableArray<Finding> Warnings)
{
    /// <summary>The strategy or its errors.</summary>
    public void Deconstruct(out Strategy? strategy, out ImmutableArray<Finding> errors) => (strategy, errors) = (Strategy, Errors);
}
