using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Strategies;

namespace Decisioning.Cli.Commands;

/// <summary>Reads a strategy as written from a folder or a single file.</summary>
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

        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/');
            if (!StrategySource.IsPart(name))
            {
                continue;
            }

            if (new FileInfo(file).Length > Limits.StrategyBytesMax)
            {
                Connection.Complain($"`{file}` is larger than {Limits.StrategyBytesMax} bytes; split the strategy");
                return null;
            }

            files[name] = File.ReadAllText(file);
        }

        if (files.Count == 0)
        {
            Connection.Complain($"`{path}` holds no strategy; it needs a `strategy.yaml`");
            return null;
        }

        return new(files.ToImmutable());
    }
}
