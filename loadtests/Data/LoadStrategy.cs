using Decisioning.Benchmarks;
using Decisioning.Engine.Strategies;

namespace Decisioning.LoadTests.Data;

/// <summary>The strategy under load: 100 features, 300 rules, 100 actions, caps.</summary>
internal static class LoadStrategy
{
    /// <summary>What its folder is called.</summary>
    public const string Name = "strategy";

    /// <summary>As an author would write it.</summary>
    public static StrategySource Source { get; } = ScaleStrategy.UnderLoad();
}
