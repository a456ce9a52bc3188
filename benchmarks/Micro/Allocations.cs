using System.Diagnostics;
using System.Globalization;

namespace Decisioning.Benchmarks.Micro;

/// <summary>
/// What cases allocate, measured in a process without tiered compilation: the same on every machine and in every run, so that it can be held. Where code is made better by and by,
/// what escapes to the heap depends on how far the runtime has come.
/// </summary>
internal static class Allocations
{
    /// <summary>The program's first argument that makes it print them.</summary>
    public const string Verb = "allocations";

    /// <summary>Measures all cases in a process of its own; by name.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> MeasureAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Allocations).Assembly.Location, Verb]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using var process = Process.Start(start)!;
        var measured = new Dictionary<string, double>(StringComparer.Ordinal);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(';') is [var name, var bytes])
            {
                measured[name] = double.Parse(bytes, CultureInfo.InvariantCulture);
            }
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? measured : throw new InvalidOperationException("what the cases allocate could not be measured");
    }

    /// <summary>That process.</summary>
    public static int Print()
    {
        foreach (var one in MicroCases.All())
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name};{MicroMeasure.Allocated(one):F1}"));
        }

        return 0;
    }
}
