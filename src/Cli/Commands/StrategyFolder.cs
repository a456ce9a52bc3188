using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Strategies;

namespace Decisioning.Cli.Commands;

/// <summary>Reads a strategy as written, and its tests, from a folder or a single file.</summary>
internal static class StrategyFolder
{
    /// <summary>The files; null, with a complaint, when there is nothing to read.</summary>
    public static StrategySource? Read(string path)
    {
        if (File.Exists(path))
        {
            return new(ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add(Path.GetFileName(path), File.ReadAllText(path)));
        }

        if (!Directory.Exists(path))
        {
            Connection.Complain($"there is no folder or file `{path}`");
            return null;
        }

        if (Files(path, StrategySource.IsPart) is not { } files)
        {
            return null;
        }

        if (files.IsEmpty)
        {
            Connection.Complain($"`{path}` holds no strategy; it needs a `strategy.yaml`");
            return null;
        }

        return new(files);
    }

    /// <summary>A strategy as an engine is given it.</summary>
    public static V1.StrategySource ToSend(StrategySource source) =>
        new() { Files = { source.Files.Select(file => new V1.StrategyFile { Path = file.Key, Text = file.Value }) } };

    /// <summary>The test files of a strategy's folder; empty when there are none, null, with a complaint, when one cannot be read.</summary>
    public static ImmutableSortedDictionary<string, string>? ReadTests(string path) =>
        Directory.Exists(path) ? Files(path, StrategySource.IsTest) : ImmutableSortedDictionary<string, string>.Empty;

    private static ImmutableSortedDictionary<string, string>? Files(string folder, Func<string, bool> isWanted)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (!isWanted(name))
            {
                continue;
            }

            if (new FileInfo(file).Length > Limits.StrategyBytesMax)
            {
                Connection.Complain($"`{file}` is larger than {Limits.StrategyBytesMax} bytes; split it");
                return null;
            }

            files[name] = File.ReadAllText(file);
        }

        return files.ToImmutable();
    }
}
