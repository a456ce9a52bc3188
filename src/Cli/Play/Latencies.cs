using System.Globalization;

namespace Decisioning.Cli.Play;

/// <summary>Latencies as a caller saw them. Exact: keeps every one, so for short runs only.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public void Add(TimeSpan elapsed) => _milliseconds.Add(elapsed.TotalMilliseconds);

    /// <summary>The least latency that so large a share of all did not exceed.</summary>
    /// <param name="share">0 to 1.</param>
    public double Percentile(double share)
    {
        _milliseconds.Sort();
        return _milliseconds.Count == 0 ? double.NaN : _milliseconds[Math.Clamp((int)Math.Ceiling(share * _milliseconds.Count) - 1, 0, _milliseconds.Count - 1)];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {Percentile(0.5):F2}  p95 {Percentile(0.95):F2}  p99 {Percentile(0.99):F2}  max {Percentile(1):F2} ms");
}
