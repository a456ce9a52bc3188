using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using NBomber;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Spectre.Console;
using static Decisioning.Packages.NBomber.Tests.ManualTest;

namespace Decisioning.Packages.NBomber.Tests;

public sealed class ReportTests : IDisposable
{
    private const string Wicked = "<script>alert(\"1\")</script> & | =1+1, 'x'";
    private readonly string _folder = Directory.CreateTempSubdirectory("nbomber-").FullName;
    private readonly ManualPace _pace = new();
    private readonly StringWriter _printed = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _printed.Dispose();
    }

    [Fact]
    public void Every_report_holds_what_was_measured()
    {
        var stats = Run("load");

        Assert.Equal(["csv", "html", "json", "md", "txt"], Directory.GetFiles(_folder).Select(file => Path.GetExtension(file)[1..]).Order());
        var csv = Report(stats, ReportFormat.Csv).Split('\n');
        Assert.StartsWith("load,,20,10,10,", csv[1], StringComparison.Ordinal);
        Assert.Equal(csv[0].Split(',').Length, csv[1].Split(',').Length);
        Assert.StartsWith("| load | 10 | 10 | ", Report(stats, ReportFormat.Md).Split('\n')[6], StringComparison.Ordinal);
        Assert.Contains("load: 10 failed with `busy`: come back later", Report(stats, ReportFormat.Txt), StringComparison.Ordinal);
        Assert.Contains("load", _printed.ToString(), StringComparison.Ordinal);
        var json = JsonDocument.Parse(File.ReadAllText(Directory.GetFiles(_folder, "*.json").Single())).RootElement.GetProperty("scenarios")[0];
        Assert.Equal(10, json.GetProperty("ok").GetProperty("histogram").EnumerateArray().Sum(bucket => bucket.GetProperty("count").GetInt32()));
        Assert.Equal(20, json.GetProperty("seconds").EnumerateArray().Sum(second => second.GetProperty("ok").GetDouble() + second.GetProperty("fail").GetDouble()), 0.2);
        Assert.Equal(20, json.GetProperty("ok").GetProperty("latencyMs").GetProperty("p999").GetDouble());
    }

    [Fact]
    public void A_page_is_well_formed_and_needs_nothing_else()
    {
        var page = Page(Run("load"));

        Assert.Equal(["Latency by percentile, ms", "Answers over time, per second", "Latency over time, ms"], page.Descendants("figcaption").Select(caption => caption.Value));
        Assert.All(page.Descendants("figure").Elements("svg"), chart => Assert.Equal("img", chart.Attribute("role")?.Value));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href");
        Assert.All(page.Descendants("polyline"), line => Assert.DoesNotContain("NaN", line.Attribute("points")!.Value, StringComparison.Ordinal));
        Assert.Contains("prefers-color-scheme: dark", page.Descendants("style").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_codes_and_messages_are_text_in_every_report()
    {
        var stats = Run(Wicked, Wicked);

        var page = Page(stats);
        Assert.Empty(page.Descendants("script"));
        Assert.Contains(page.Descendants("h2"), heading => heading.Value == Wicked);
        Assert.Contains(page.Descendants("td"), cell => cell.Value == Wicked);
        Assert.DoesNotContain("<script", Report(stats, ReportFormat.Md), StringComparison.Ordinal);
        Assert.Contains("\"<script>alert(\"\"1\"\")</script> & | =1+1, 'x'\"", Report(stats, ReportFormat.Csv), StringComparison.Ordinal);
        Assert.Equal(Wicked, JsonDocument.Parse(File.ReadAllText(Directory.GetFiles(_folder, "*.json").Single())).RootElement.GetProperty("scenarios")[0].GetProperty("name").GetString());
        Assert.Contains("alert(", _printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_begins_like_a_formula_is_text_for_spreadsheets() =>
        Assert.Contains("\n'=1+1,", Report(Run("=1+1"), ReportFormat.Csv), StringComparison.Ordinal);

    [Fact]
    public void A_run_in_which_nothing_was_answered_has_reports_too()
    {
        var stats = Context(_pace, Answering(_pace, "none", Ms(1), Simulation.Pause(Second))).WithReportFolder(_folder).Run();

        Assert.Contains("nothing was answered", Report(stats, ReportFormat.Html), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_reports_asked_for_are_written()
    {
        var stats = Context(_pace, Answering(_pace, "load", Ms(1), Simulation.Inject(1, Second, Second)))
            .WithReportFolder(_folder).WithReportFileName("mine").WithReportFormats(ReportFormat.Md).Run();

        Assert.Equal(["mine.json", "mine.md"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.Equal(File.ReadAllText(stats.ReportFiles.Single().FilePath), stats.ReportFiles.Single().ReportContent);
    }

    private NodeStats Run(string name, string message = "come back later")
    {
        var next = 0;
        var scenario = Scenario.Create(name, async _ =>
        {
            await _pace.After(Ms(20));
            return next++ % 2 == 0 ? Response.Ok() : Response.Fail("busy", message);
        }).WithoutWarmUp().WithLoadSimulations(Simulation.Inject(10, Second, 2 * Second)).WithThresholds(Threshold.Create(stats => stats.AllFailCount == 0));
        var context = Context(_pace, scenario).WithReportFolder(_folder) with
        {
            Console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(_printed) }),
        };
        return context.Run();
    }

    private static string Report(NodeStats stats, ReportFormat format) => stats.ReportFiles.Single(file => file.ReportFormat == format).ReportContent;

    // It is XML but for the tags that HTML does not close.
    private static XElement Page(NodeStats stats)
    {
        var html = Report(stats, ReportFormat.Html).Replace("<!doctype html>", "", StringComparison.Ordinal);
        return XElement.Parse(html.Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal)
            .Replace("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", "", StringComparison.Ordinal));
    }
}
