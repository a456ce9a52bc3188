using System.Globalization;

namespace Decisioning.Benchmarks.Profile;

/// <summary>A kind of call, and what the engine's process takes for one: the least of several rounds, since what else runs on the machine only adds.</summary>
/// <param name="name">What it is called.</param>
/// <param name="run">Makes such calls for a while.</param>
internal sealed class ProfileStep(string name, Func<TimeSpan, Task<LoadResult>> run)
{
    private double _perSecond;
    private double _microseconds = double.MaxValue;
    private double _log;
    private double _collector;
    private double _bytes = double.MaxValue;

    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>Makes such calls for a while.</summary>
    public Func<TimeSpan, Task<LoadResult>> Run { get; } = run;

    /// <summary>Makes such calls for a while and keeps what they took, if it was less than before.</summary>
    public async Task MeasureAsync(TrackHost host, TimeSpan during)
    {
        var (cpu, log, collector, allocated) = (host.Cpu, host.CpuOf("decisioning log"), host.CpuOf(".NET Server GC"), await host.AllocatedAsync());
        var result = await Run(during);
        var calls = result.Milliseconds.Length;
        var microseconds = (host.Cpu - cpu).TotalMicroseconds / calls;
        _perSecond = Math.Max(_perSecond, result.PerSecond);
        _bytes = Math.Min(_bytes, (double)(await host.AllocatedAsync() - allocated) / calls);
        if (microseconds < _microseconds)
        {
            (_microseconds, _log, _collector) =
                (microseconds, (host.CpuOf("decisioning log") - log).TotalMicroseconds / calls, (host.CpuOf(".NET Server GC") - collector).TotalMicroseconds / calls);
        }
    }

    /// <summary>A line of the table.</summary>
    public string Line() => string.Create(CultureInfo.InvariantCulture, $"| {Name} | {_microseconds:N1} | {_log:N1} | {_collector:N1} | {_bytes:N0} | {_perSecond:N0} |");
}
