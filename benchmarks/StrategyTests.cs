using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Testing;

namespace Decisioning.Benchmarks;

/// <summary>What it takes to run the tests of a strategy: those of a sample, over and over, on one core.</summary>
internal static class StrategyTestsBench
{
    private const int Cases = 1_000;

    public static IReadOnlyList<(string Name, double Value, string Unit)> Run() => [.. new[] { "retail", "bank", "clinic" }.Select(Run)];

    private static (string Name, double Value, string Unit) Run(string sample)
    {
        var folder = Path.Combine(Repository(), "strategies", sample);
        var files = Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .ToImmutableSortedDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal);
        var strategy = StrategyCompiler.Compile(new(files), 1).Strategy ?? throw new InvalidOperationException($"{sample} has mistakes");
        var suite = TestFiles.Read(files, strategy).Suite ?? throw new InvalidOperationException($"the tests of {sample} have mistakes");

        // From cold, as `decide test` runs them: what is compiled on the way counts.
        var start = Stopwatch.GetTimestamp();
        var failures = 0;
        for (var i = 0; i < Cases; i++)
        {
            failures += TestRunner.Run(suite.Cases[i % suite.Cases.Length], suite.Strategy).Failures.Length;
        }

        var spent = Stopwatch.GetElapsedTime(start);
        return failures == 0 ? ($"{Cases:N0} test cases of {sample}, from cold", spent.TotalMilliseconds, "ms") : throw new InvalidOperationException($"{failures} failures");
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "strategies")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("`strategies` is in no folder above");
        }

        return folder.FullName;
    }
}
