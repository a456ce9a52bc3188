using System.Diagnostics.Metrics;
using Decisioning.Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Gateway.Tests.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;

    public PrometheusTextTests() => _meter = _services.GetRequiredService<IMeterFactory>().Create("Decisioning");

    public void Dispose() => _services.Dispose();

    public static TheoryData<string, Action<Meter>, string[]> Instruments => new()
    {
        { "a counter", meter => meter.CreateCounter<long>("a.b", "{event}", "Events").Add(3), ["# HELP a_b_total Events", "# TYPE a_b_total counter", "a_b_total 3"] },
        { "a counter of milliseconds", meter => meter.CreateCounter<double>("a.time", "ms", "Time").Add(1500), ["# HELP a_time_seconds_total Time", "# TYPE a_time_seconds_total counter", "a_time_seconds_total 1.5"] },
        { "a sum that goes down", meter => { var sum = meter.CreateUpDownCounter<int>("a.open", "{call}", "Open"); sum.Add(3); sum.Add(-2); }, ["# HELP a_open Open", "# TYPE a_open gauge", "a_open 1"] },
        { "a gauge of bytes", meter => meter.CreateObservableGauge("a.memory", () => 5L, "By", "Memory"), ["# HELP a_memory_bytes Memory", "# TYPE a_memory_bytes gauge", "a_memory_bytes 5"] },
        { "an observed counter", meter => meter.CreateObservableCounter("a.seen", () => new Measurement<long>(7, new KeyValuePair<string, object?>("k", true)), null, "Seen"), ["# HELP a_seen_total Seen", "# TYPE a_seen_total counter", "a_seen_total{k=\"True\"} 7"] },
        { "labels with signs", meter => meter.CreateCounter<long>("a", null, "a\\b\nc").Add(1, new KeyValuePair<string, object?>("x.y", "q\"\\\n"), new KeyValuePair<string, object?>("z", 200)), ["# HELP a_total a\\\\b\\nc", "# TYPE a_total counter", "a_total{x_y=\"q\\\"\\\\\\n\",z=\"200\"} 1"] },
        { "an instrument without a measurement", meter => meter.CreateCounter<long>("a"), [] },
    };

    [Theory, MemberData(nameof(Instruments))]
    public void An_instrument_is_written_as_Prometheus_reads_it(string name, Action<Meter> measure, string[] expected)
    {
        using var measurements = new Measurements(_services.GetRequiredService<IMeterFactory>());
        measure(_meter);

        var text = measurements.Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("dotnet_", StringComparison.Ordinal));

        Assert.Equal((name, string.Join('\n', expected)), (name, string.Join('\n', text)));
    }

    [Fact]
    public void A_histogram_counts_what_is_at_or_below_each_bound_in_seconds()
    {
        using var measurements = new Measurements(_services.GetRequiredService<IMeterFactory>());
        var histogram = _meter.CreateHistogram<double>("a.duration", "ms", "Time");
        foreach (var milliseconds in (double[])[0.01, 0.02, 1, 30_000])
        {
            histogram.Record(milliseconds, new KeyValuePair<string, object?>("method", "x"));
        }

        var lines = measurements.Text().Split('\n').Where(line => line.StartsWith("a_duration", StringComparison.Ordinal)).ToList();

        Assert.Equal("a_duration_seconds_bucket{method=\"x\",le=\"1E-05\"} 1", lines[0]);
        Assert.Contains("a_duration_seconds_bucket{method=\"x\",le=\"2.5E-05\"} 2", lines);
        Assert.Contains("a_duration_seconds_bucket{method=\"x\",le=\"0.001\"} 3", lines);
        Assert.Contains("a_duration_seconds_bucket{method=\"x\",le=\"10\"} 3", lines);
        Assert.Equal(["a_duration_seconds_bucket{method=\"x\",le=\"+Inf\"} 4", "a_duration_seconds_sum{method=\"x\"} 30.00103", "a_duration_seconds_count{method=\"x\"} 4"], lines[^3..]);
    }

    [Fact]
    public void Labels_without_end_take_no_memory_without_end_and_no_measurement_is_lost()
    {
        using var measurements = new Measurements(_services.GetRequiredService<IMeterFactory>());
        var counter = _meter.CreateCounter<long>("a");
        for (var i = 0; i < 10_000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        var lines = measurements.Text().Split('\n').Where(line => line.StartsWith("a_total", StringComparison.Ordinal)).ToList();

        Assert.Equal(MeasuredInstrument.SeriesMax + 1, lines.Count);
        Assert.Contains($"a_total{{otel_metric_overflow=\"true\"}} {10_000 - MeasuredInstrument.SeriesMax}", lines);
    }

    [Fact]
    public void Measuring_takes_no_memory_once_labels_were_seen()
    {
        using var measurements = new Measurements(_services.GetRequiredService<IMeterFactory>());
        var (counter, histogram, status) = (_meter.CreateCounter<long>("a"), _meter.CreateHistogram<double>("b", "s"), new KeyValuePair<string, object?>("status", "Applied"));
        Measure();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Measure()
        {
            for (var i = 0; i < 1000; i++)
            {
                counter.Add(1, status);
                histogram.Record(0.001, status, status, status);
            }
        }
    }

    [Fact]
    public void Meters_of_another_host_in_the_process_are_not_listened_to()
    {
        using var measurements = new Measurements(_services.GetRequiredService<IMeterFactory>());
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        other.GetRequiredService<IMeterFactory>().Create("Decisioning").CreateCounter<long>("a").Add(1);

        Assert.DoesNotContain("a_total", measurements.Text(), StringComparison.Ordinal);
    }
}
