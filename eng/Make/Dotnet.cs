using System.Diagnostics;

namespace Decisioning.Make;

/// <summary>Runs programs and waits for them.</summary>
internal static class Dotnet
{
    /// <summary>Builds a project or solution, quietly unless it fails.</summary>
    public static async Task<bool> BuildAsync(string root, string project, string configuration)
    {
        Console.WriteLine($"building {project} ({configuration})");
        return await RunAsync(root, ["build", project, "-c", configuration, "-v", "q", "--nologo", "-clp:NoSummary"]) == 0;
    }

    /// <summary>Runs <c>dotnet</c> with arguments; its exit code.</summary>
    public static Task<int> RunAsync(string folder, IReadOnlyList<string> arguments, bool quiet = false) => RunAsync(folder, "dotnet", arguments, quiet);

    /// <summary>Runs a program; its exit code, or -1 where it does not exist.</summary>
    public static async Task<int> RunAsync(string folder, string program, IReadOnlyList<string> arguments, bool quiet = false)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = quiet, RedirectStandardError = quiet };
        try
        {
            using var process = Process.Start(start)!;
            if (quiet)
            {
                await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            }

            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    /// <summary>The built program of a project.</summary>
    public static string Built(string root, string project, string configuration) =>
        Path.Combine(root, project, "bin", configuration, "net10.0", $"Decisioning.{Path.GetFileName(project)}.dll");
}
