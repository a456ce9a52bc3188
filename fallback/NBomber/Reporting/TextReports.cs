using System.Globalization;
using System.Text;
using NBomber.Contracts.Stats;
using Spectre.Console;

namespace NBomber.Reporting;

/// <summary>What a test measured, in plain formats.</summary>
internal static class TextReports
{
    public static string Plain(NodeStats stats)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        ConsoleReport.Print(console, stats);
        return text.ToString();
    }

    public static string Markdown(NodeStats stats)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {Cell(stats.TestInfo.TestSuite)} · {Cell(stats.TestInfo.TestName)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{stats.TestInfo.Created:yyyy-MM-dd HH:mm:ss} UTC, {stats.NodeInfo.CoresCount} cores, .NET {stats.NodeInfo.DotNetVersion}, {Cell(stats.NodeInfo.OS)}. Latencies in milliseconds; of open loads from when each was due.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| scenario | ok | fail | per s | {string.Join(" | ", ReportRow.LatencyColumns)} |\n|---|{string.Concat(Enumerable.Repeat("--:|", 3 + ReportRow.LatencyColumns.Length))}\n");
        foreach (var row in ReportRow.Of(stats))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(row.Name)} | {row.Ok.Request.Count} | {row.Fail.Request.Count} | {Figures.Number(row.Ok.Request.RPS)} | {string.Join(" | ", row.Latencies.Select(Figures.Number))} |\n");
        }

        text.Append('\n');
        foreach (var remark in ConsoleReport.Remarks(stats))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {Cell(remark)}\n");
        }

        return text.ToString();
    }

    public static string Csv(NodeStats stats)
    {
        var text = new StringBuilder("scenario,step,all,ok,fail,ok_per_second,duration_seconds");
        foreach (var column in ReportRow.LatencyColumns)
        {
            text.Append(CultureInfo.InvariantCulture, $",ok_{column.Replace(' ', '_').Replace('.', '_')}_ms");
        }

        text.Append(",ok_bytes,fail_bytes\n");
        foreach (var row in ReportRow.Of(stats))
        {
            var duration = stats.ScenarioStats.Get(row.Scenario).Duration;
            object[] values =
            [
                Field(row.Scenario), Field(row.Step), row.All, row.Ok.Request.Count, row.Fail.Request.Count, row.Ok.Request.RPS, duration.TotalSeconds,
                .. row.Latencies.Cast<object>(), row.Ok.DataTransfer.AllBytes, row.Fail.DataTransfer.AllBytes,
            ];
            text.AppendJoin(',', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    // A field that begins like a formula is run by spreadsheets.
    private static string Field(string text)
    {
        text = text is ['=' or '+' or '-' or '@', ..] ? "'" + text : text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string Cell(string text) => text
        .Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
