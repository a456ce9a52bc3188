using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Decisioning.Benchmarks.Micro;

/// <summary>The same cases through BenchmarkDotNet, which takes its time and says how sure it is: <c>bench --full [PART OF A NAME]</c>.</summary>
[MemoryDiagnoser]
public class FullMeasure
{
    private static string _part = "";
    private Func<object?> _run = () => null;

    /// <summary>The name of the case.</summary>
    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = "";

    /// <summary>The names to choose from.</summary>
    public static IEnumerable<string> Cases => MicroCases.All().Select(one => one.Name).Where(name => name.Contains(_part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Makes the case.</summary>
    [GlobalSetup]
    public void Make() => _run = MicroCases.All().First(one => one.Name == Case).Run;

    /// <summary>Runs it: all its operations at once.</summary>
    [Benchmark(Description = "run")]
    public object? Run() => _run();

    /// <summary>Measures the cases with a part of a name.</summary>
    public static int Start(string part)
    {
        _part = part;
        if (!Cases.Any())
        {
            Console.Error.WriteLine($"no case has `{part}` in its name; `bench` lists them");
            return 2;
        }

        // In this process: what is measured is the code as it is, and no project has to be built for it.
        BenchmarkRunner.Run<FullMeasure>(DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance)));
        return 0;
    }
}
