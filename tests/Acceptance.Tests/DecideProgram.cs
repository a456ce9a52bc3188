using System.Diagnostics;

namespace Decisioning.Acceptance.Tests;

/// <summary>The command line as a process of its own.</summary>
internal static class DecideProgram
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(5);

    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await EndAsync(process);
    }

    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Decisioning.Cli.dll"), .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static async Task<(int ExitCode, string Output)> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(WaitMax);
        return (process.ExitCode, await output + await errors);
    }
}
