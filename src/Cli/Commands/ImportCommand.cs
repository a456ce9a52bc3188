using System.CommandLine;
using System.Globalization;
using Decisioning.Cli.Import;
using Decisioning.Cli.Printing;
using Decisioning.V1;
using Grpc.Core;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide import FILE --map MAP</c>: streams a CSV or JSONL file, plain or gzip, to the engine as events.</summary>
internal static class ImportCommand
{
    private static readonly Argument<FileInfo> File = new("FILE") { Description = "A CSV or JSONL file, plain or gzip." };

    private static readonly Option<FileInfo> Map = new("--map", "-m") { Description = "The mapping: which column is what (YAML).", Required = true };

    private static readonly Option<int> Streams = new("--streams") { Description = "Streams to send over.", DefaultValueFactory = _ => 4 };

    private static readonly Option<int> DecideEvery = new("--decide-every")
    {
        Description = "Asks for a decision after every so many events, for the customer of that event; none if not given.",
    };

    private static readonly Option<string> Channel = new("--channel", "-c") { Description = "With --decide-every: web, email, app, agent, …; any if not given.", DefaultValueFactory = _ => string.Empty };

    private static readonly Option<string[]> Placements = new("--placements", "-p")
    {
        Description = "With --decide-every: the slots to fill, separated by commas; one ranked list if not given.",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => [.. result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        var command = new Command("import", "Streams a CSV or JSONL file to the engine as events. Repeating an import is safe.")
        {
            File, Map, Streams, DecideEvery, Channel, Placements, Connection.Address, Connection.Key,
        };
        Bounds.Check(Streams, 1, 64);
        Bounds.Check(DecideEvery, 1, 1_000_000);
        command.Validators.Add(result =>
        {
            if (result.GetValue(DecideEvery) == 0 && (result.GetValue(Channel) is { Length: > 0 } || result.GetValue(Placements) is { Length: > 0 }))
            {
                result.AddError("--channel and --placements say what to ask for; say how often with --decide-every");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (path, mapPath) = (arguments.GetValue(File)!, arguments.GetValue(Map)!);
        if (!InputFile.Exists(path) || !InputFile.Exists(mapPath))
        {
            return ExitCode.Usage;
        }

        var yaml = await System.IO.File.ReadAllTextAsync(mapPath.FullName, cancellationToken);
        RowFile rows;
        try
        {
            rows = RowFile.Open(path.FullName, ImportMapReader.FormatOf(yaml));
        }
        catch (InvalidDataException e)
        {
            Connection.Complain($"`{path}` cannot be read: {e.Message}");
            return ExitCode.Usage;
        }

        using (rows)
        {
            var (map, errors) = ImportMapReader.Read(yaml, rows.Columns);
            foreach (var error in errors)
            {
                Connection.Complain($"{mapPath}:{error}");
            }

            return map is null ? ExitCode.Usage : await Connection.RunAsync(arguments, channel => SendAsync(rows, map, channel, arguments, cancellationToken));
        }
    }

    private static async Task<int> SendAsync(RowFile rows, ImportMap map, ChannelBase channel, ParseResult arguments, CancellationToken cancellationToken)
    {
        var asker = arguments.GetValue(DecideEvery) is > 0 and var every
            ? new DecisionAsker(new Decisions.DecisionsClient(channel), every, arguments.GetValue(Channel)!, arguments.GetValue(Placements)!)
            : null;
        var report = new SendReport();
        string? damage = null;
        var builder = new EventBuilder(map, report.RowError);
        try
        {
            await using var sender = new EventSender(new Events.EventsClient(channel), report, arguments.GetValue(Streams), asker, cancellationToken);
            await ProgressLine.RunAsync("import", async show =>
            {
                try
                {
                    foreach (var group in builder.Groups(rows.Rows(report.RowError)))
                    {
                        if (builder.Build(group) is { } @event)
                        {
                            await sender.SendAsync(@event);
                        }

                        show(rows.Progress, Speed(report));
                    }
                }
                catch (InvalidDataException e)
                {
                    damage = e.Message;
                }

                await sender.CompleteAsync();
                show(1, Speed(report));
            });
        }
        finally
        {
            Print(report, builder.Rows);
            if (asker is not null)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"decisions {asker.Asked}"));
            }
        }

        if (damage is not null)
        {
            Connection.Complain($"`{rows}` is damaged after {builder.Rows} rows: {damage}; all before was recorded, mend the file and import it again");
            return ExitCode.Refused;
        }

        return report.RowErrors + report.Rejected > 0 ? ExitCode.Refused : ExitCode.Ok;
    }

    private static string Speed(SendReport report) =>
        string.Create(CultureInfo.InvariantCulture, $"{report.Acknowledgements:N0} events, {report.EventsPerSecond:N0}/s");

    private static void Print(SendReport report, long rows)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rows {rows}  events {report.Acknowledgements}  applied {report.Applied}  duplicate {report.Duplicates}  late {report.Late}  rejected {report.Rejected}  row errors {report.RowErrors}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Elapsed.TotalSeconds:F1} s, {report.EventsPerSecond:F0} events/s, {rows / Math.Max(report.Elapsed.TotalSeconds, 0.001):F0} rows/s"));
        foreach (var example in report.Examples)
        {
            Console.WriteLine("  " + Visible.Text(example));
        }

        if (report.RowErrors + report.Rejected > report.Examples.Count)
        {
            Console.WriteLine($"  … {report.RowErrors + report.Rejected - report.Examples.Count} more");
        }
    }
}
