using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Decisioning.Benchmarks;

/// <summary>Runs a script of <c>benchmarks/javascript</c> with node, after its pinned packages are there.</summary>
internal static class JavaScript
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>What the script printed, or why it could not run.</summary>
    public static async Task<(JsonArray? Output, string Reason)> RunAsync(string script, JsonObject input, TimeSpan each)
    {
        var folder = Path.Combine(Root(), "benchmarks", "javascript");
        if (await TryRunAsync("node", folder, "--version") is not { ExitCode: 0 })
        {
            return (null, "node is not installed");
        }

        if (await TryRunAsync("npm", folder, "ci", "--no-audit", "--no-fund", "--loglevel=error") is not { ExitCode: 0 })
        {
            return (null, "npm cannot install the packages of benchmarks/javascript");
        }

        var file = Path.Combine(Path.GetTempPath(), $"conditions-{Guid.NewGuid():N}.json");
        try
        {
            await File.WriteAllTextAsync(file, input.ToJsonString());
            var run = await TryRunAsync("node", folder, Path.Combine(folder, script), file, each.TotalSeconds.ToString(CultureInfo.InvariantCulture));
            return run is { ExitCode: 0 } ? (JsonNode.Parse(run.Output)!.AsArray(), "") : throw new InvalidOperationException($"{script} failed: {run?.Errors}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<Run?> TryRunAsync(string program, string folder, params string[] arguments)
    {
        Process? process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        using (process)
        {
            var (output, errors) = (process!.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }

            return new Run(process.ExitCode, await output, await errors);
        }
    }

    private static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Decisioning.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("the benchmarks run from within the repository: `Decisioning.sln` was not found above them");
    }

    private sealed record Run(int ExitCode, string Output, string Errors);
}
