using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Benchmarks;

/// <summary>The strategies that several benchmarks run.</summary>
internal static class Strategies
{
    /// <summary>The sample of a shop, as it stands in the repository.</summary>
    public static StrategySource RetailSource() => new(Directory
        .EnumerateFiles(Path.Combine(Checkout.Root(), "strategies", "retail"), "*.yaml")
        .ToImmutableSortedDictionary(file => Path.GetFileName(file), File.ReadAllText));

    /// <summary>The sample of a shop.</summary>
    public static Strategy Retail() => Compiled(RetailSource());

    /// <summary>A strategy of 100 features and so many rules.</summary>
    public static Strategy Scale(int rules) => Compiled(ScaleStrategy.Source(rules, 0));

    private static Strategy Compiled(StrategySource source)
    {
        var (strategy, errors) = StrategyCompiler.Compile(source, 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors.Take(10)));
    }
}
