using System.Text.Encodings.Web;
using System.Text.Json;
using Decisioning.Cli.Commands;
using Decisioning.Engine.Testing;

namespace Decisioning.Cli.Printing;

/// <summary>Prints what came of tests: failures with what was expected beside what was there, then the sums.</summary>
internal static class TestPrinter
{
    private const int NamesMax = 12;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(TestResults results)
    {
        foreach (var report in results.Reports.Where(report => !report.IsPassed || !report.Looks.IsEmpty))
        {
            Line(report.IsPassed
                ? (FormattableString)$"[green]passed[/] [bold]{report.Case.Name}[/]  {report.Case.File}:{report.Case.Line}"
                : $"[red]failed[/] [bold]{report.Case.Name}[/]  {report.Case.File}:{report.Case.Line}");
            foreach (var look in report.Looks)
            {
                LookPrinter.Print(look);
            }

            foreach (var failure in report.Failures)
            {
                Print(failure);
            }
        }

        var passed = results.Reports.Length - results.Failed;
        Line($"{results.Strategy.Name}: {passed} passed, {results.Failed} failed; {results.Expectations} expectations in {Math.Round(results.Elapsed.TotalMilliseconds)} ms");
        if (results.IsWhole)
        {
            foreach (var (kind, count, untouched) in results.Touched.Against(results.Strategy))
            {
                var names = untouched.IsEmpty ? "" : $"; never {string.Join(", ", untouched.Take(NamesMax))}{(untouched.Length > NamesMax ? $" and {untouched.Length - NamesMax} more" : "")}";
                Line($"[grey]  {kind.PadRight(8)} {count - untouched.Length} of {count} touched{names}[/]");
            }
        }

        if (results.Warnings > 0)
        {
            Line($"[grey]  {(results.Warnings == 1 ? "1 warning" : $"{results.Warnings} warnings")}: `decide lint {results.Path}` tells[/]");
        }
    }

    /// <summary>The same for programs.</summary>
    public static string Json(TestResults results) => JsonSerializer.Serialize(
        new
        {
            strategy = results.Strategy.Name,
            hash = results.Strategy.Hash,
            passed = results.Reports.Length - results.Failed,
            failed = results.Failed,
            expectations = results.Expectations,
            warnings = results.Warnings,
            elapsed_ms = Math.Round(results.Elapsed.TotalMilliseconds, 3),
            cases = results.Reports.Select(report => new
            {
                name = report.Case.Name,
                file = report.Case.File,
                line = report.Case.Line,
                passed = report.IsPassed,
                failures = report.Failures,
            }),
            untouched = results.IsWhole ? results.Touched.Against(results.Strategy).ToDictionary(part => part.Kind, part => part.Untouched) : null,
        },
        Options);

    private static void Print(TestFailure failure)
    {
        Line($"  {failure.File}:{failure.Line}:{failure.Column}  {failure.Subject} at {failure.At}");
        Line($"      expected  [green]{failure.Expected}[/]");
        Line($"      actual    [red]{failure.Actual}[/]");
        foreach (var sentence in failure.Because)
        {
            Line($"      because   [grey]{sentence}[/]");
        }
    }

    private static void Line(FormattableString text) => DecisionPrinter.Line(text);
}
