using NBomber.Contracts.Stats;
using Spectre.Console;

namespace NBomber.Reporting;

/// <summary>What a test measured, as a table on a console.</summary>
internal static class ConsoleReport
{
    private static readonly string[] Columns = ["ok", "fail", "per s", .. ReportRow.LatencyColumns.Where(column => column is not ("min" or "std dev")).Select(column => column + " ms")];

    public static void Print(IAnsiConsole console, NodeStats stats)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new(Markup.Escape($"{stats.TestInfo.TestSuite} · {stats.TestInfo.TestName}")) };
        table.AddColumn("scenario");
        foreach (var column in Columns)
        {
            table.AddColumn(new TableColumn(column) { Alignment = Justify.Right, NoWrap = true });
        }

        foreach (var row in ReportRow.Of(stats))
        {
            var latency = row.Ok.Latency;
            double[] shown = [row.Ok.Request.RPS, latency.MeanMs, latency.Percent50, latency.Percent75, latency.Percent95, latency.Percent99, latency.Percent999, latency.MaxMs];
            table.AddRow([
                Markup.Escape(row.Name),
                row.Ok.Request.Count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
                row.Fail.Request.Count == 0 ? "0" : $"[red]{row.Fail.Request.Count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)}[/]",
                .. shown.Select(Figures.Number)]);
        }

        console.Write(table);
        foreach (var line in Remarks(stats))
        {
            console.MarkupLine(Markup.Escape(line));
        }
    }

    /// <summary>What there is to say beside the table.</summary>
    public static IEnumerable<string> Remarks(NodeStats stats)
    {
        foreach (var scenario in stats.ScenarioStats)
        {
            foreach (var code in scenario.Fail.StatusCodes)
            {
                yield return $"{scenario.ScenarioName}: {code.Count} failed with `{code.StatusCode}`{(code.Message.Length > 0 ? $": {code.Message}" : "")}";
            }
        }

        foreach (var threshold in stats.Thresholds)
        {
            var of = threshold.StepName.Length > 0 ? $"{threshold.ScenarioName} · {threshold.StepName}" : threshold.ScenarioName;
            yield return threshold.IsFailed
                ? $"failed: {of}: {threshold.CheckExpression}{(threshold.ExceptionMsg.Length > 0 ? $" ({threshold.ExceptionMsg})" : "")}, {threshold.ErrorCount} times"
                : $"held: {of}: {threshold.CheckExpression}";
        }

        if (stats.StopReason is { } reason)
        {
            yield return $"stopped early: {reason}";
        }
    }
}
