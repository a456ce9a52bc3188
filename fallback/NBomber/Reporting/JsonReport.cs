using System.Text.Encodings.Web;
using System.Text.Json;
using NBomber.Contracts.Stats;
using NBomber.Measuring;

namespace NBomber.Reporting;

/// <summary>What a test measured, for programs: with each bucket of each histogram and each second.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(NodeStats stats) => JsonSerializer.Serialize(
        new
        {
            suite = stats.TestInfo.TestSuite,
            test = stats.TestInfo.TestName,
            session = stats.TestInfo.SessionId,
            startedAt = stats.TestInfo.Created,
            machine = new { stats.NodeInfo.OS, cores = stats.NodeInfo.CoresCount, dotnet = stats.NodeInfo.DotNetVersion },
            stopReason = stats.StopReason,
            scenarios = stats.ScenarioStats.Select(scenario => new
            {
                name = scenario.ScenarioName,
                durationSeconds = scenario.Duration.TotalSeconds,
                ok = Side(scenario.Ok),
                fail = Side(scenario.Fail),
                steps = scenario.StepStats.Select(step => new { name = step.StepName, ok = Side(step.Ok), fail = Side(step.Fail) }),
                seconds = scenario.Timeline.Select(moment => new { at = moment.At.TotalSeconds, ok = moment.Ok, fail = moment.Fail, p50Ms = moment.P50, p99Ms = moment.P99, maxMs = moment.Max }),
            }),
            thresholds = stats.Thresholds.Select(threshold => new
            {
                scenario = threshold.ScenarioName, step = threshold.StepName, expression = threshold.CheckExpression, failed = threshold.IsFailed, errors = threshold.ErrorCount,
            }),
        },
        Options);

    private static object Side(MeasurementStats stats) => new
    {
        count = stats.Request.Count,
        perSecond = stats.Request.RPS,
        latencyMs = new
        {
            min = stats.Latency.MinMs,
            mean = stats.Latency.MeanMs,
            p50 = stats.Latency.Percent50,
            p75 = stats.Latency.Percent75,
            p95 = stats.Latency.Percent95,
            p99 = stats.Latency.Percent99,
            p999 = stats.Latency.Percent999,
            max = stats.Latency.MaxMs,
            stdDev = stats.Latency.StdDev,
        },
        histogram = stats.Latency.All.Buckets().Select(bucket => new { upToMs = Measuring.Side.Ms(bucket.Most), count = bucket.Count }),
        bytes = new { all = stats.DataTransfer.AllBytes, min = stats.DataTransfer.MinBytes, mean = stats.DataTransfer.MeanBytes, max = stats.DataTransfer.MaxBytes },
        statusCodes = stats.StatusCodes.Select(code => new { code = code.StatusCode, message = code.Message, count = code.Count, percent = code.Percent }),
    };
}
