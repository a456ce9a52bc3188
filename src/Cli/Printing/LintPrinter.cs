using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Linting;
using Spectre.Console;

namespace Decisioning.Cli.Printing;

/// <summary>Prints what the checker found, for people and for programs.</summary>
internal static class LintPrinter
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(LintReport report)
    {
        foreach (var finding in report.Findings)
        {
            Console.WriteLine(Visible.Text(finding.ToString()));
        }

        if (report.Cost is { } cost)
        {
            PrintCost(cost);
        }

        Console.WriteLine(report.Strategy is { } strategy
            ? $"{strategy.Name}: {Things(strategy)}; {Counts(report)} ({strategy.Hash[..12]})"
            : Counts(report));
    }

    /// <summary><c>2 errors</c>, <c>1 warning</c>, <c>no findings</c>.</summary>
    public static string Counts(LintReport report) => (report.Errors, report.Warnings) switch
    {
        (0, 0) => "no findings",
        (0, var warnings) => Many(warnings, "warning"),
        (var errors, 0) => Many(errors, "error"),
        var (errors, warnings) => $"{Many(errors, "error")}, {Many(warnings, "warning")}",
    };

    /// <summary>One object: the findings, the counts and the cost, for editors and build servers.</summary>
    public static void PrintJson(LintReport report) => Console.WriteLine(JsonSerializer.Serialize(
        new
        {
            Strategy = report.Strategy?.Name,
            report.Strategy?.Hash,
            report.Errors,
            report.Warnings,
            Findings = report.Findings.Select(finding => new
            {
                finding.File, finding.Line, finding.Column, Severity = finding.Severity.ToString().ToLowerInvariant(), finding.Rule, finding.Path, finding.Message,
            }),
            report.Cost,
        },
        Json));

    private static void PrintCost(StrategyCost cost)
    {
        var events = new Table().Border(TableBorder.Simple).AddColumns("an event", "is counted into", "may change", "with up to", "takes about");
        foreach (var one in cost.Events.Append(cost.OtherEvent))
        {
            events.AddRow(Markup.Escape(one.Event), Many(one.Features, "feature"), Many(one.Rules, "rule"), Many(one.Tests, "test"), Micros(one.Microseconds));
        }

        var placements = new Table().Border(TableBorder.Simple).AddColumns("a decision on", "looks at", "with up to", "takes about");
        foreach (var one in cost.Placements)
        {
            placements.AddRow(Markup.Escape($"{one.Channel}/{one.Placement}"), Many(one.Candidates, "action"), Many(one.Tests, "test"), Micros(one.Microseconds));
        }

        AnsiConsole.Write(events);
        if (!cost.Placements.IsEmpty)
        {
            AnsiConsole.Write(placements);
        }
    }

    private static string Things(Strategy strategy) => string.Join(", ",
        Many(strategy.Features.Length, "feature"), Many(strategy.Segments.Length, "segment"), Many(strategy.Rules.Length, "rule"),
        Many(strategy.Stages.Length, "stage"), Many(strategy.Actions.Length, "action"));

    private static string Many(int count, string what) => $"{count.ToString(CultureInfo.InvariantCulture)} {what}{(count == 1 ? "" : "s")}";

    private static string Micros(double microseconds) => microseconds.ToString("0.#", CultureInfo.InvariantCulture) + " µs";
}
