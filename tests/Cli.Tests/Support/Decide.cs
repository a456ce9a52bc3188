using Decisioning.Tests.Shared;
using Spectre.Console;

namespace Decisioning.Cli.Tests.Support;

/// <summary>Runs the command line in the test's process, with what it prints.</summary>
internal static class Decide
{
    public static async Task<Run> RunAsync(params string[] args)
    {
        var (output, error, console) = (Console.Out, Console.Error, AnsiConsole.Console);
        using var printed = new StringWriter { NewLine = "\n" };
        using var complained = new StringWriter { NewLine = "\n" };
        try
        {
            Console.SetOut(printed);
            Console.SetError(complained);
            AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(printed) });
            var code = await DecideProgram.RunAsync(args);
            return new(code, printed.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            AnsiConsole.Console = console;
        }
    }
}

/// <summary>What came of a run.</summary>
internal sealed record Run(int Code, string Output, string Errors)
{
    /// <summary>Nothing that a person should not have to read.</summary>
    public Run WithoutTraces()
    {
        Assert.DoesNotContain("   at ", Output + Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Output + Errors, StringComparison.Ordinal);
        return this;
    }
}

/// <summary>Tests that run commands take the process's console, one at a time.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class TakesConsole : ICollectionFixture<GatewayServer>;
