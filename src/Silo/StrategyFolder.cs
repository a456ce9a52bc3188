using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Strategies;
using Decisioning.Storage;

namespace Decisioning.Silo;

/// <summary>Reads a strategy's folder as its author left it.</summary>
internal static class StrategyFolder
{
    private const string MainFile = "strategy.yaml";

    /// <summary>The strategy's files by path, without its tests and import mappings, which are no part of what is in force.</summary>
    /// <exception cref="StrategyRefusedException">There is no such folder, no <c>strategy.yaml</c> in it, or too much of it.</exception>
    /// <exception cref="IOException">A file vanished or is locked while it is read: look again later.</exception>
    public static ImmutableArray<StrategyFile> Read(string folder)
    {
        var root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
        {
            throw new StrategyRefusedException(folder, [$"`{root}` is no folder; give the folder that holds `{MainFile}`"]);
        }

        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => (Full: path, Relative: Path.GetRelativePath(root, path).Replace('\\', '/')))
            .Where(file => StrategySource.IsPart(file.Relative))
            .OrderBy(file => file.Relative, StringComparer.Ordinal)
            .ToList();
        if (files.All(file => file.Relative != MainFile))
        {
            throw new StrategyRefusedException(folder, [$"there is no `{MainFile}` in `{root}`; give the folder that holds it"]);
        }

        var bytes = files.Sum(file => new FileInfo(file.Full).Length);
        if (bytes > Limits.StrategyBytesMax)
        {
            throw new StrategyRefusedException(
                folder, [$"the files in `{root}` have {bytes} bytes; a strategy has at most {Limits.StrategyBytesMax}: keep other files elsewhere"]);
        }

        return [.. files.Select(file => new StrategyFile(file.Relative, File.ReadAllText(file.Full)))];
    }
}

/// <summary>A strategy's folder cannot be put in force.</summary>
/// <param name="folder">The folder.</param>
/// <param name="mistakes">Every mistake, a line each.</param>
internal sealed class StrategyRefusedException(string folder, ImmutableArray<string> mistakes)
    : Exception($"the strategy in `{folder}` has {mistakes.Length} mistake{(mistakes.Length == 1 ? "" : "s")}:{string.Concat(mistakes.Select(m => Environment.NewLine + "  " + m))}");
