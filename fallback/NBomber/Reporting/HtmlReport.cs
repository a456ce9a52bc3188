using System.Globalization;
using System.Net;
using System.Text;
using NBomber.Contracts.Stats;
using NBomber.Measuring;

namespace NBomber.Reporting;

/// <summary>What a test measured, as one page that needs nothing else.</summary>
internal static class HtmlReport
{
    private const string Style = Chart.Style + """

        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--soft); } th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; } td.text, th.text { text-align: left; white-space: normal; } .bad { color: var(--bad); font-weight: 600; }
        figure { margin: 1.5rem 0; } figcaption { color: var(--soft); } figure > svg { width: 100%; max-width: 60rem; height: auto; }
        .legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; } .legend svg { width: 28px; height: 8px; margin-right: .5rem; vertical-align: middle; }
        """;

    private static readonly string[] Columns = ["ok", "fail", "per s", .. ReportRow.LatencyColumns];

    public static string Of(NodeStats stats)
    {
        var text = new StringBuilder();
        var title = $"{stats.TestInfo.TestSuite} · {stats.TestInfo.TestName}";
        text.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{Html(title)}</title><style>{Style}</style></head><body><main>\n");
        text.Append(CultureInfo.InvariantCulture, $"<h1>{Html(title)}</h1>\n<p>{stats.TestInfo.Created:yyyy-MM-dd HH:mm:ss} UTC, {ReportRow.Time(stats.Duration)}, {stats.NodeInfo.CoresCount} cores, .NET {Html(stats.NodeInfo.DotNetVersion)}, {Html(stats.NodeInfo.OS)}</p>\n");
        if (stats.StopReason is { } reason)
        {
            text.Append(CultureInfo.InvariantCulture, $"<p class=\"bad\">stopped early: {Html(reason)}</p>\n");
        }

        AddTable(text, stats);
        AddThresholds(text, stats);
        text.Append(ByPercentile(stats).Svg());
        foreach (var scenario in stats.ScenarioStats)
        {
            text.Append(CultureInfo.InvariantCulture, $"<section><h2>{Html(scenario.ScenarioName)}</h2>\n");
            AddStatusCodes(text, scenario);
            text.Append(OverTime("Answers over time", "per second", isLog: false, scenario.Timeline, ("ok", moment => moment.Ok), ("fail", moment => moment.Fail)).Svg());
            text.Append(OverTime("Latency over time", "ms", isLog: true, [.. scenario.Timeline.Where(moment => moment.Ok > 0)], ("p50", moment => moment.P50), ("p99", moment => moment.P99), ("max", moment => moment.Max)).Svg());
            text.Append("</section>\n");
        }

        return text.Append("</main></body></html>\n").ToString();
    }

    private static void AddTable(StringBuilder text, NodeStats stats)
    {
        text.Append("<div class=\"scroll\"><table><caption>Latencies in milliseconds; of open loads from when each was due.</caption><thead><tr><th scope=\"col\">scenario</th>");
        foreach (var column in Columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{column}</th>");
        }

        text.Append("</tr></thead><tbody>\n");
        foreach (var row in ReportRow.Of(stats))
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Html(row.Name)}</th><td>{row.Ok.Request.Count:N0}</td><td{(row.Fail.Request.Count > 0 ? " class=\"bad\"" : "")}>{row.Fail.Request.Count:N0}</td><td>{Figures.Number(row.Ok.Request.RPS)}</td>");
            foreach (var latency in row.Latencies)
            {
                text.Append(CultureInfo.InvariantCulture, $"<td>{Figures.Number(latency)}</td>");
            }

            text.Append("</tr>\n");
        }

        text.Append("</tbody></table></div>\n");
    }

    private static void AddThresholds(StringBuilder text, NodeStats stats)
    {
        if (stats.Thresholds.Length == 0)
        {
            return;
        }

        text.Append("<h2>Thresholds</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">of</th><th scope=\"col\" class=\"text\">what must hold</th><th scope=\"col\" class=\"text\">result</th></tr></thead><tbody>\n");
        foreach (var threshold in stats.Thresholds)
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Html(threshold.ScenarioName)} {Html(threshold.StepName)}</td><td class=\"text\"><code>{Html(threshold.CheckExpression)}</code></td><td class=\"text{(threshold.IsFailed ? " bad" : "")}\">{(threshold.IsFailed ? $"failed {threshold.ErrorCount} times {Html(threshold.ExceptionMsg)}" : "held")}</td></tr>\n");
        }

        text.Append("</tbody></table></div>\n");
    }

    private static void AddStatusCodes(StringBuilder text, ScenarioStats scenario)
    {
        var codes = scenario.Ok.StatusCodes.Concat(scenario.Fail.StatusCodes).ToList();
        if (codes.Count == 0)
        {
            return;
        }

        text.Append("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">status</th><th scope=\"col\">count</th><th scope=\"col\">%</th><th scope=\"col\" class=\"text\">first message</th></tr></thead><tbody>\n");
        foreach (var code in codes)
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td{(code.IsError ? " class=\"bad\"" : "")}>{Html(code.StatusCode)}</td><td>{code.Count:N0}</td><td>{code.Percent}</td><td class=\"text\">{Html(code.Message)}</td></tr>\n");
        }

        text.Append("</tbody></table></div>\n");
    }

    // Each nine more is as far from the one before.
    private static Chart ByPercentile(NodeStats stats) => new("Latency by percentile", "ms", IsLog: true)
    {
        Marks = [(0, "0"), (1, "90 %"), (2, "99 %"), (3, "99.9 %"), (4, "99.99 %"), (5, "99.999 %")],
        Lines =
        [
            .. stats.ScenarioStats.Where(scenario => scenario.Ok.Request.Count > 0).Select(scenario =>
            {
                var all = scenario.Ok.Latency.All;
                var most = Math.Log10(all.Count);
                return (scenario.ScenarioName, (IReadOnlyList<(double X, double Y)>)[.. Enumerable.Range(0, (int)(most * 20) + 1).Select(i => i / 20.0).Select(x => (x, Side.Ms(all.Percentile(1 - Math.Pow(10, -x)))))]);
            }),
        ],
    };

    private static Chart OverTime(string title, string unit, bool isLog, IReadOnlyList<Moment> timeline, params (string Name, Func<Moment, double> Value)[] lines)
    {
        var end = timeline.Count == 0 ? 0 : timeline[^1].At.TotalSeconds;
        return new(title, unit, isLog)
        {
            Marks = [.. Enumerable.Range(0, 7).Select(i => (end * i / 6, ReportRow.Time(TimeSpan.FromSeconds(end * i / 6))))],
            Lines = [.. lines.Select(line => (line.Name, (IReadOnlyList<(double X, double Y)>)[.. timeline.Select(moment => (moment.At.TotalSeconds, line.Value(moment)))]))],
        };
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
