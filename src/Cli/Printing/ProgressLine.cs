using Spectre.Console;

namespace Decisioning.Cli.Printing;

/// <summary>Shows how far a command is, on a terminal only: a file or a pipe gets the results and nothing else.</summary>
internal static class ProgressLine
{
    /// <summary>Runs work that tells its share done, 0 to 1, and a few words.</summary>
    public static Task RunAsync(string name, Func<Action<double, string>, Task> work)
    {
        if (!AnsiConsole.Profile.Out.IsTerminal)
        {
            return work((_, _) => { });
        }

        var progress = AnsiConsole.Progress().Columns(
            new ProgressBarColumn(),
            new PercentageColumn(),
            new ElapsedTimeColumn(),
            new TaskDescriptionColumn { Alignment = Justify.Left });
        return progress.StartAsync(async context =>
        {
            var task = context.AddTask(Markup.Escape(name), maxValue: 1);
            await work((share, words) => (task.Value, task.Description) = (share, Markup.Escape(words)));
        });
    }
}
