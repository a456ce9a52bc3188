using System.CommandLine;
using Decisioning.Cli.Commands;
using Spectre.Console;

namespace Decisioning.Cli;

/// <summary>The command line from its arguments to its exit code. Whatever happens is told in a sentence.</summary>
internal static class DecideProgram
{
    private const string Trace = "DECIDE_TRACE";
    private const int PlainWidth = 240;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (!AnsiConsole.Profile.Out.IsTerminal)
            {
                // A file or a pipe has no colours, and lines as long as they come.
                AnsiConsole.Profile.Capabilities.Ansi = false;
                AnsiConsole.Profile.Width = PlainWidth;
            }

            var parsed = Root().Parse(args);
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (OperationCanceledException)
        {
            Connection.Complain("stopped; repeating the command is safe");
            return ExitCode.Stopped;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Files and folders that cannot be read or written; the system's message names them.
            Connection.Complain(e.Message);
            return ExitCode.Usage;
        }
        catch (Exception e)
        {
            Connection.Complain($"something is wrong in decide itself: {e.Message}; set {Trace}=1 to see where, and report it");
            if (Environment.GetEnvironmentVariable(Trace) == "1")
            {
                Console.Error.WriteLine(e);
            }

            return ExitCode.Bug;
        }
    }

    private static RootCommand Root() => new("Works with strategies and with a running decisioning engine.")
    {
        LintCommand.Create(),
        SchemaCommand.Create(),
        TestCommand.Create(),
        ImportCommand.Create(),
        PlayCommand.Create(),
        SampleCommand.Create(),
        NextCommand.Create(),
        CustomerCommand.Create(),
        PrivacyCommand.Create(),
        ExportCommand.Create(),
        PublishCommand.Create(),
        WatchCommand.Create(),
        DbCommand.Create(),
        ReplayCommand.Create(),
        KeysCommand.Create(),
        AuditCommand.Create(),
    };
}
