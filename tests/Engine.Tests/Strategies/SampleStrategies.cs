using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>The sample strategies of the repository.</summary>
internal static class SampleStrategies
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "../../../strategies"));

    public static StrategySource Read(string name)
    {
        var folder = Path.Combine(Root, name);
        return new StrategySource(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".hbs")
            .ToImmutableSortedDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal));
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
