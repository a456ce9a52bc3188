using System.CommandLine;
using System.IO.Compression;
using Decisioning.Cli.Sample;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide sample</c>: writes a made-up day of a shop for <c>decide play</c>.</summary>
internal static class SampleCommand
{
    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed gives the same day.", DefaultValueFactory = _ => 42 };

    private static readonly Option<int> Customers = new("--customers") { Description = "How many customers, 1 to 100000.", DefaultValueFactory = _ => 150 };

    private static readonly Option<FileInfo> Output = new("--output", "-o") { Description = "The file to write (gzip).", Required = true };

    public static Command Create()
    {
        var command = new Command("sample", "Writes a made-up day of a shop, for `decide play`.") { Seed, Customers, Output };
        Bounds.Check(Seed, 0, int.MaxValue);
        Bounds.Check(Customers, 1, 100_000);
        command.SetAction(arguments =>
        {
            using var file = arguments.GetValue(Output)!.Create();
            using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
            using var writer = new StreamWriter(gzip) { NewLine = "\n" };
            foreach (var line in new SampleDay(arguments.GetValue(Seed), arguments.GetValue(Customers)).Lines())
            {
                writer.WriteLine(line);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
