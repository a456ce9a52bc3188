using System.CommandLine;
using Decisioning.Engine.Strategies;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide lint STRATEGY</c>: prints every mistake of a strategy, with its place.</summary>
internal static class LintCommand
{
    private static readonly Argument<string> Strategy = new("STRATEGY") { Description = "A strategy's folder, or a single file." };

    public static Command Create()
    {
        var command = new Command("lint", "Checks a strategy and prints every mistake with file, line and column.") { Strategy };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var path = arguments.GetValue(Strategy)!;
        if (StrategyFolder.Read(path) is not { } source)
        {
            return ExitCode.Usage;
        }

        var (strategy, errors) = StrategyCompiler.Compile(source, version: 0);
        if (strategy is null)
        {
            foreach (var error in errors)
            {
                Console.WriteLine(error);
            }

            Console.WriteLine(errors.Length == 1 ? "1 mistake" : $"{errors.Length} mistakes");
            return ExitCode.Refused;
        }

        Console.WriteLine(
            $"{strategy.Name}: {strategy.Features.Length} features, {strategy.Segments.Length} segments, {strategy.Rules.Length} rules, "
            + $"{strategy.Stages.Length} stages, {strategy.Actions.Length} actions; no mistakes ({strategy.Hash[..12]})");
        return ExitCode.Ok;
    }
}
