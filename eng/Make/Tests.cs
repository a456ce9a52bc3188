using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace Decisioning.Make;

/// <summary>Builds everything, runs every test project one after another, and adds up.</summary>
internal static class Tests
{
    private const string Configuration = "Release";

    /// <summary>A test that takes longer is named in the output of a project that fails.</summary>
    private const string LongRunningSeconds = "120";

    /// <summary>A test project that takes longer hangs.</summary>
    private static readonly TimeSpan ProjectMax = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(string root, List<string> arguments)
    {
        if (!MakeProgram.Take(arguments, "--only", out var only) || arguments.Count > 0)
        {
            return MakeProgram.Refuse("test takes --only NAME, a part of a test project's name");
        }

        var projects = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => only is null || Path.GetFileNameWithoutExtension(project).Contains(only, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (projects.Count == 0)
        {
            return MakeProgram.Refuse($"no test project has `{only}` in its name");
        }

        foreach (var target in only is null ? ["Decisioning.sln"] : projects)
        {
            if (!await Dotnet.BuildAsync(root, Path.GetRelativePath(root, Path.Combine(root, target)), Configuration))
            {
                return 1;
            }
        }

        var total = new Counts(0, 0, 0);
        var reasons = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var project in projects)
        {
            total += await RunAsync(root, project, Path.GetFileNameWithoutExtension(project), reasons);
        }

        foreach (var reason in reasons)
        {
            Console.WriteLine($"skipped: {reason}");
        }

        Console.WriteLine($"{total.Passed} passed, {total.Failed} failed, {total.Skipped} skipped");
        return total.Failed == 0 && total.Passed > 0 ? 0 : 1;
    }

    private static async Task<Counts> RunAsync(string root, string project, string name, SortedSet<string> reasons)
    {
        var started = Stopwatch.GetTimestamp();
        var results = Path.Combine(root, "artifacts", "tests", name + ".xml");
        Directory.CreateDirectory(Path.GetDirectoryName(results)!);
        File.Delete(results);
        var program = Path.Combine(Path.GetDirectoryName(project)!, "bin", Configuration, "net10.0", $"Decisioning.{name}.dll");
        var start = new ProcessStartInfo("dotnet", [program, "-noLogo", "-noColor", "-longRunning", LongRunningSeconds, "-xml", results])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(ProjectMax);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            Console.WriteLine($"{name}: stopped after {ProjectMax.TotalMinutes:F0} minutes");
        }

        var counts = Count(results, reasons);
        if (process.ExitCode != 0 && counts.Failed == 0)
        {
            // It ended before it could tell: that is a failure too.
            counts += new Counts(0, 1, 0);
        }

        if (counts.Failed > 0)
        {
            Console.WriteLine(await output);
            Console.WriteLine(await errors);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-24} {counts.Passed,5} passed {counts.Failed,3} failed {counts.Skipped,3} skipped  {Stopwatch.GetElapsedTime(started).TotalSeconds,6:F1} s"));
        return counts;
    }

    private static Counts Count(string results, SortedSet<string> reasons)
    {
        var counts = new Counts(0, 0, 0);
        if (!File.Exists(results))
        {
            return counts;
        }

        foreach (var assembly in XDocument.Load(results).Descendants("assembly"))
        {
            counts += new Counts(Number(assembly, "passed"), Number(assembly, "failed") + Number(assembly, "errors"), Number(assembly, "skipped") + Number(assembly, "not-run"));
            reasons.UnionWith(assembly.Descendants("reason").Select(r => r.Value.Trim()));
        }

        return counts;
    }

    private static int Number(XElement element, string name) => int.Parse(element.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);

    private readonly record struct Counts(int Passed, int Failed, int Skipped)
    {
        public static Counts operator +(Counts left, Counts right) => new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);
    }
}
