using System.Diagnostics;

namespace Decisioning.Make;

/// <summary>Runs programs and waits for them.</summary>
internal static class Dotnet
{
    /// <summary>Builds a project or solution; what the build says is shown only if it fails.</summary>
    public static async Task<bool> BuildAsync(string root, string project, string configuration)
    {
        MakeProgram.Say($"building {project} ({configuration})");
        var (exitCode, output) = await CaptureAsync(root, ["build", project, "-c", configuration, "-v", "q", "--nologo"]);
        if (exitCode != 0)
        {
            MakeProgram.Say(output);
        }

        return exitCode == 0;
    }

    /// <summary>Runs <c>dotnet</c> with arguments, its output where ours goes; its exit code.</summary>
    public static async Task<int> RunAsync(string folder, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Runs <c>dotnet</c> with arguments; its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> CaptureAsync(string folder, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>The built program of a project.</summary>
    public static string Built(string root, string project, string configuration) =>
        Path.Combine(root, project, "bin", configuration, "net10.0", $"Decisioning.{Path.GetFileName(project)}.dll");
}
