using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using Decisioning.Cli.Printing;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Linting;
using Decisioning.Engine.Testing;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide test STRATEGY</c>: checks a strategy, runs the tests beside it in virtual time, and tells what they never touched.</summary>
internal static class TestCommand
{
    private static readonly Argument<string> Strategy = new("STRATEGY") { Description = "A strategy's folder; its tests are the YAML files under tests/." };
    private static readonly Option<string> Only = new("--only") { Description = "Only the tests whose name or file has this text in it." };
    private static readonly Option<bool> Explain = new("--explain", "-x") { Description = "Also print what was seen at each look: stages, tags, offers, and why not the others." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object for programs instead of lines for people." };
    private static readonly Option<string> JUnit = new("--junit") { Description = "Also write the results to this file, as JUnit XML." };

    public static Command Create()
    {
        var command = new Command("test", "Runs the tests of a strategy: given these events, expect stages, tags, scores and offers.") { Strategy, Only, Explain, Json, JUnit };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var path = arguments.GetValue(Strategy)!;
        if (StrategyFolder.Read(path) is not { } source || StrategyFolder.ReadTests(path) is not { } files)
        {
            return ExitCode.Usage;
        }

        var lint = StrategyLinter.Lint(source, TimeProvider.System.GetUtcNow());
        if (lint.Strategy is not { } strategy)
        {
            return Refuse([.. lint.Findings.Where(finding => finding.Severity == Severity.Error)]);
        }

        if (files.IsEmpty)
        {
            Connection.Complain($"`{path}` has no tests; write the first into `{Path.Combine(path, "tests", "first.yaml")}`, docs/strategy.md shows how");
            return ExitCode.Usage;
        }

        var (suite, errors) = TestFiles.Read(files, strategy);
        if (suite is null)
        {
            return Refuse(errors);
        }

        var cases = Chosen(suite, arguments.GetValue(Only));
        if (cases.IsEmpty)
        {
            Connection.Complain($"no test has `{arguments.GetValue(Only)}` in its name or file; there are {suite.Cases.Length}");
            return ExitCode.Usage;
        }

        var explains = arguments.GetValue(Explain) && !arguments.GetValue(Json);
        var started = Stopwatch.GetTimestamp();
        // A case shares nothing with another: one after the other or all at once comes to the same.
        var reports = cases.AsParallel().AsOrdered().Select(test => TestRunner.Run(test, suite.Strategy, explains)).ToImmutableArray();
        var results = new TestResults(strategy, reports, Stopwatch.GetElapsedTime(started), IsWhole: cases.Length == suite.Cases.Length, lint.Warnings, path);
        if (arguments.GetValue(JUnit) is { } file)
        {
            JUnitFile.Write(results, file);
        }

        if (arguments.GetValue(Json))
        {
            Console.WriteLine(TestPrinter.Json(results));
        }
        else
        {
            TestPrinter.Print(results);
        }

        return results.Failed == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    private static ImmutableArray<TestCase> Chosen(TestSuite suite, string? only) => only is null
        ? suite.Cases
        : suite.Cases.RemoveAll(test => !test.Name.Contains(only, StringComparison.OrdinalIgnoreCase) && !test.File.Contains(only, StringComparison.OrdinalIgnoreCase));

    private static int Refuse(ImmutableArray<Finding> errors)
    {
        foreach (var error in errors)
        {
            Console.WriteLine(error);
        }

        Console.WriteLine(errors.Length == 1 ? "1 mistake; nothing was tested" : $"{errors.Length} mistakes; nothing was tested");
        return ExitCode.Refused;
    }
}

/// <summary>What came of a run.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Reports">One per case.</param>
/// <param name="Elapsed">How long the cases took.</param>
/// <param name="IsWhole">Whether all tests of the strategy ran: only then does it mean something that nothing touched a rule.</param>
/// <param name="Warnings">What the check of the strategy finds worth a second look.</param>
/// <param name="Path">Where the strategy stands.</param>
internal sealed record TestResults(Strategy Strategy, ImmutableArray<CaseReport> Reports, TimeSpan Elapsed, bool IsWhole, int Warnings, string Path)
{
    /// <summary>How many cases failed.</summary>
    public int Failed { get; } = Reports.Count(report => !report.IsPassed);

    /// <summary>How many things were expected.</summary>
    public int Expectations { get; } = Reports.Sum(report => report.Expectations);

    /// <summary>What all cases touched together.</summary>
    public Coverage Touched { get; } = Reports.Aggregate(Coverage.None, (touched, report) => touched.With(report.Touched));
}
