using System.Globalization;
using NBomber.Contracts.Stats;

namespace NBomber.Reporting;

/// <summary>A line of a report's table: a scenario, or a step of it.</summary>
internal sealed record ReportRow(string Scenario, string Step, MeasurementStats Ok, MeasurementStats Fail)
{
    /// <summary>The columns of latencies, in milliseconds.</summary>
    public static readonly string[] LatencyColumns = ["min", "mean", "p50", "p75", "p95", "p99", "p99.9", "max", "std dev"];

    public int All => Ok.Request.Count + Fail.Request.Count;

    public string Name => Step.Length == 0 ? Scenario : $"{Scenario} · {Step}";

    public IEnumerable<double> Latencies => LatenciesOf(Ok.Latency);

    public static IEnumerable<ReportRow> Of(NodeStats stats) => stats.ScenarioStats.SelectMany(scenario => scenario.StepStats
        .Select(step => new ReportRow(scenario.ScenarioName, step.StepName, step.Ok, step.Fail))
        .Prepend(new(scenario.ScenarioName, "", scenario.Ok, scenario.Fail)));

    public static IEnumerable<double> LatenciesOf(LatencyStats latency) =>
        [latency.MinMs, latency.MeanMs, latency.Percent50, latency.Percent75, latency.Percent95, latency.Percent99, latency.Percent999, latency.MaxMs, latency.StdDev];

    public static string Time(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
