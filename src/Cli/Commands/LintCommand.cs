using System.CommandLine;
using Decisioning.Cli.Printing;
using Decisioning.Engine.Strategies.Linting;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide lint STRATEGY</c>: prints what is wrong with a strategy, and what it costs to run.</summary>
internal static class LintCommand
{
    private static readonly Argument<string> Strategy = new("STRATEGY") { Description = "A strategy's folder, or a single file." };

    private static readonly Option<bool> Strict = new("--strict") { Description = "Warnings fail the check too." };

    private static readonly Option<bool> Json = new("--json") { Description = "Prints one JSON object, for programs." };

    public static Command Create()
    {
        var command = new Command("lint", "Checks a strategy and prints every error and warning with its place and cure.") { Strategy, Strict, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        if (StrategyFolder.Read(arguments.GetValue(Strategy)!) is not { } source)
        {
            return ExitCode.Usage;
        }

        var report = StrategyLinter.Lint(source, TimeProvider.System.GetUtcNow());
        if (arguments.GetValue(Json))
        {
            LintPrinter.PrintJson(report);
        }
        else
        {
            LintPrinter.Print(report);
        }

        return report.Errors > 0 || (arguments.GetValue(Strict) && report.Warnings > 0) ? ExitCode.Refused : ExitCode.Ok;
    }
}
