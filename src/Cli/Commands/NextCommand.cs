using System.CommandLine;
using Decisioning.Cli.Printing;
using Decisioning.V1;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide next CUSTOMER</c>: asks for the next best action and prints it with its reasons.</summary>
internal static class NextCommand
{
    private static readonly Argument<string> Customer = new("CUSTOMER") { Description = "A user id, or anonymous:ID." };

    private static readonly Option<string> Channel = new("--channel", "-c") { Description = "web, email, app, agent, …; all if not given.", DefaultValueFactory = _ => string.Empty };

    private static readonly Option<string[]> Placements = new("--placement", "-p") { Description = "A slot to fill; may be repeated.", AllowMultipleArgumentsPerToken = true };

    private static readonly Option<int> Items = new("--items", "-n") { Description = "Most items per placement.", DefaultValueFactory = _ => 3 };

    private static readonly Option<bool> Full = new("--explain", "-x") { Description = "Also print every rule layer by layer with the values seen." };

    private static readonly Option<bool> Record = new("--record") { Description = "Count it against caps like a real answer; without it, it is a preview." };

    public static Command Create()
    {
        var command = new Command("next", "Asks for a customer's next best action and prints it with its reasons.")
        {
            Customer, Channel, Placements, Items, Full, Record, Connection.Address, Connection.Key,
        };
        Bounds.Check(Items, 1, Engine.Limits.DecisionItemsMax);
        command.SetAction((arguments, cancellationToken) => Connection.RunAsync(arguments, async channel =>
        {
            var request = new NextBestActionRequest
            {
                Customer = Connection.Identity(arguments.GetValue(Customer)!),
                Channel = arguments.GetValue(Channel)!,
                MaxItems = arguments.GetValue(Items),
                Explain = arguments.GetValue(Full) ? ExplainLevel.Full : ExplainLevel.Summary,
                DryRun = !arguments.GetValue(Record),
            };
            request.Placements.AddRange(arguments.GetValue(Placements) ?? []);
            var response = await new Decisions.DecisionsClient(channel).NextBestActionAsync(request, cancellationToken: cancellationToken);
            DecisionPrinter.Print(response.Decision);
            return ExitCode.Ok;
        }));
        return command;
    }
}
