using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies;

/// <summary>Turns a strategy as written into one that runs, or into every mistake its author made.</summary>
public static class StrategyCompiler
{
    /// <summary>Checks everything before reporting, so that an author sees all the mistakes at once. Never throws for any text.</summary>
    /// <param name="source">The files of the strategy's folder; those under <c>tests/</c> and <c>import/</c> and <c>*.map.yaml</c> are no part of it.</param>
    /// <param name="version">The version it is published as; 0 while it is not published.</param>
    /// <returns>The strategy, or null and the mistakes by file, line and column.</returns>
    public static (Strategy? Strategy, ImmutableArray<StrategyError> Errors) Compile(StrategySource source, long version) =>
        (null, [new StrategyError("strategy.yaml", 1, 1, "strategy", "no strategy compiles yet")]);
}
