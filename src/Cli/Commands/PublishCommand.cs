using System.CommandLine;
using Decisioning.Cli.Printing;
using Decisioning.V1;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide publish STRATEGY</c>: puts a strategy in force on a running engine.</summary>
internal static class PublishCommand
{
    private static readonly Argument<string> Strategy = new("STRATEGY") { Description = "A strategy's folder, or a single file." };

    public static Command Create()
    {
        var command = new Command("publish", "Puts a strategy in force on a running engine, if it has no mistake.") { Strategy, Connection.Address, Connection.Key };
        command.SetAction((arguments, cancellationToken) =>
        {
            if (StrategyFolder.Read(arguments.GetValue(Strategy)!) is not { } source)
            {
                return Task.FromResult(ExitCode.Usage);
            }

            return Connection.RunAsync(arguments, async channel =>
            {
                var request = new PublishRequest { Source = StrategyFolder.ToSend(source) };
                var response = await new Strategies.StrategiesClient(channel).PublishAsync(request, cancellationToken: cancellationToken);
                FindingPrinter.Print("error", response.Errors);
                FindingPrinter.Print("warning", response.Warnings);
                Console.WriteLine(response.Version is { } version
                    ? $"{version.Name} is in force as version {version.Version} ({version.Hash[..12]})"
                    : $"{response.Errors.Count} mistakes; the running strategy stays");
                return response.Version is null ? ExitCode.Refused : ExitCode.Ok;
            });
        });
        return command;
    }
}
