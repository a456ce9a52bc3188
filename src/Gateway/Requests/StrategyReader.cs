using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Requests;

/// <summary>Reads a strategy as written.</summary>
internal static class StrategyReader
{
    private const int PathCharsMax = 256;

    /// <summary>The files; empty, with violations, when they cannot be a strategy's.</summary>
    public static ImmutableArray<StrategyFile> Read(Api.StrategySource? source, Violations violations)
    {
        if (source is null || source.Files.Count is 0 or > Limits.StrategyFilesMax)
        {
            violations.Add("source.files", "is empty or too long", $"send 1 to {Limits.StrategyFilesMax} files, one of them `strategy.yaml`");
            return [];
        }

        var chars = 0L;
        for (var i = 0; i < source.Files.Count; i++)
        {
            var file = source.Files[i];
            chars += file.Text.Length;
            if (file.Path.Length is 0 or > PathCharsMax)
            {
                violations.Add($"source.files[{i}].path", "is empty or too long", $"send 1 to {PathCharsMax} characters, e.g. `strategy.yaml`");
            }
            else if (file.Path.Contains('\\', StringComparison.Ordinal) || file.Path.Split('/').Any(part => part is "" or "." or ".."))
            {
                violations.Add($"source.files[{i}].path", $"`{file.Path}` is not a name within the strategy's folder", "send it relative to the folder, with `/`, e.g. `rules/agents.yaml`");
            }
            else if (source.Files.Take(i).Any(other => other.Path == file.Path))
            {
                violations.Add($"source.files[{i}].path", $"`{file.Path}` is there twice", "send each file once");
            }
        }

        if (chars > Limits.StrategyBytesMax)
        {
            violations.Add("source.files", $"has {chars} characters", $"send at most {Limits.StrategyBytesMax}");
        }

        return violations.Any ? [] : [.. source.Files.Select(file => new StrategyFile(file.Path, file.Text))];
    }
}
