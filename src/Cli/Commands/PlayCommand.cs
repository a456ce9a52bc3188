using System.CommandLine;
using System.Globalization;
using Decisioning.Cli.Import;
using Decisioning.Cli.Play;
using Decisioning.Cli.Printing;
using Decisioning.V1;
using Grpc.Core;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide play FILE</c>: plays a day of events, questions and responses and prints what came of it.</summary>
internal static class PlayCommand
{
    private const int Explained = 3;

    private static readonly Argument<FileInfo> File = new("FILE") { Description = "JSON lines (plain or gzip): Segment messages, `decide` and `respond`." };

    public static Command Create()
    {
        var command = new Command("play", "Plays a day of events, questions and responses, moved to end now, and prints what came of it.") { File, Connection.Address, Connection.Key };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var file = arguments.GetValue(File)!;
            if (!InputFile.Exists(file))
            {
                return ExitCode.Usage;
            }

            List<PlayLine> lines;
            try
            {
                lines = Read(file);
            }
            catch (Exception e) when (e is FormatException or InvalidDataException)
            {
                Connection.Complain($"`{file}`: {e.Message}");
                return ExitCode.Usage;
            }

            return await Connection.RunAsync(arguments, channel => PlayAsync(lines, channel, cancellationToken));
        });
        return command;
    }

    private static List<PlayLine> Read(FileInfo file)
    {
        using var content = file.OpenRead();
        using var plain = InputFile.Unpacked(content);
        using var reader = new StreamReader(plain);
        var lines = new List<PlayLine>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            try
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    lines.Add(PlayLine.Read(line));
                }
            }
            catch (FormatException e)
            {
                throw new FormatException($"line {number}: {e.Message}", e);
            }
        }

        return lines;
    }

    private static async Task<int> PlayAsync(List<PlayLine> lines, ChannelBase channel, CancellationToken cancellationToken)
    {
        if (lines.Count == 0)
        {
            Connection.Complain("the file is empty");
            return ExitCode.Usage;
        }

        // Moved by whole minutes to end now, so that windows, quiet hours and expiries have something to say.
        var shift = TimeSpan.FromMinutes(Math.Floor((DateTimeOffset.UtcNow - lines.Max(line => line.At)).TotalMinutes));
        var report = new SendReport();
        var player = new Player(channel, shift, report);
        await ProgressLine.RunAsync("play", async show =>
        {
            foreach (var (index, line) in lines.Index())
            {
                await player.PlayAsync(line, cancellationToken);
                show((index + 1d) / lines.Count, string.Create(CultureInfo.InvariantCulture, $"{report.Acknowledgements:N0} events, {player.DecisionLatencies.Count:N0} decisions"));
            }

            await player.FlushAsync(cancellationToken);
        });
        await PrintAsync(player, report, channel, cancellationToken);
        return report.Rejected == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    private static async Task PrintAsync(Player player, SendReport report, ChannelBase channel, CancellationToken cancellationToken)
    {
        var stages = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var tags = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var tagged = new List<(string Id, int Tags)>();
        var client = new Customers.CustomersClient(channel);
        foreach (var id in player.Customers)
        {
            var customer = (await client.GetAsync(new GetRequest { Customer = Connection.Identity(id) }, cancellationToken: cancellationToken)).Customer;
            Count(stages, customer.Stages.Select(s => s.Name));
            Count(tags, customer.Tags.Select(t => t.Name));
            tagged.Add((id, customer.Tags.Count));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"events     {report.Acknowledgements} ({report.Applied} applied, {report.Duplicates} duplicate, {report.Late} late, {report.Rejected} rejected), {report.EventsPerSecond:F0}/s"));
        foreach (var example in report.Examples)
        {
            Console.WriteLine("           " + Visible.Text(example));
        }

        Console.WriteLine($"customers  {player.Customers.Count}");
        Console.WriteLine($"stages     {Text(stages)}");
        Console.WriteLine($"tags       {Text(tags)}");
        Console.WriteLine($"decisions  {player.DecisionLatencies.Count}, {player.Responses} answered; as the caller saw them: {player.DecisionLatencies}");
        Console.WriteLine($"actions    {Text(player.Chosen.OrderByDescending(c => c.Value).Take(8))}");

        // Those with most to tell: most tags first.
        foreach (var (id, _) in tagged.OrderByDescending(t => t.Tags).Take(Explained))
        {
            Console.WriteLine();
            Console.WriteLine($"{id}, explained:");
            var request = new NextBestActionRequest { Customer = Connection.Identity(id), Explain = ExplainLevel.Full, DryRun = true };
            DecisionPrinter.Print((await new Decisions.DecisionsClient(channel).NextBestActionAsync(request, cancellationToken: cancellationToken)).Decision);
        }
    }

    private static void Count(SortedDictionary<string, int> counts, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }
    }

    private static string Text(IEnumerable<KeyValuePair<string, int>> counts) => string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"));
}
