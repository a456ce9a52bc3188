using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>The strategy that engines under torture run, for those who fold their logs.</summary>
internal static class TortureStrategy
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "strategy");

    public static Strategy Compile(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.yaml").ToImmutableSortedDictionary(file => Path.GetFileName(file), File.ReadAllText, StringComparer.Ordinal);
        var compilation = StrategyCompiler.Compile(new StrategySource(files), version: 1);
        return compilation.Strategy ?? throw new InvalidOperationException(string.Join('\n', compilation.Errors));
    }
}
