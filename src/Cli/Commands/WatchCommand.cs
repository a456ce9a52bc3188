using System.CommandLine;
using System.Globalization;
using Decisioning.Cli.Printing;
using Decisioning.V1;
using Grpc.Core;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide watch CUSTOMER</c>: prints a customer's changes and next best actions as they come.</summary>
internal static class WatchCommand
{
    private static readonly Argument<string> Customer = new("CUSTOMER") { Description = "A user id, or anonymous:ID." };

    private static readonly Option<string> Channel = new("--channel", "-c") { Description = "web, email, app, agent, …; all if not given.", DefaultValueFactory = _ => string.Empty };

    public static Command Create()
    {
        var command = new Command("watch", "Prints a customer's changes and next best actions as they come, until Ctrl-C.") { Customer, Channel, Connection.Address, Connection.Key };
        command.SetAction((arguments, cancellationToken) => Connection.RunAsync(arguments, async channel =>
        {
            try
            {
                await FollowAsync(arguments, channel, cancellationToken);
            }
            catch (Exception e) when (cancellationToken.IsCancellationRequested && e is RpcException { StatusCode: StatusCode.Cancelled } or OperationCanceledException)
            {
                // Ctrl-C is how a watch ends.
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task FollowAsync(ParseResult arguments, ChannelBase channel, CancellationToken cancellationToken)
    {
        var request = new WatchRequest { Customer = Connection.Identity(arguments.GetValue(Customer)!), Channel = arguments.GetValue(Channel)! };
        using var call = new Customers.CustomersClient(channel).Watch(request, cancellationToken: cancellationToken);
        await foreach (var news in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            foreach (var change in news.Changes)
            {
                Console.WriteLine($"{change.At.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}  {change.Kind}  {Visible.Text(change.Name)}{(change.Detail.Length > 0 ? $", {Visible.Text(change.Detail)}" : string.Empty)}  (sequence {change.Sequence})");
            }

            if (news.Decision is { } decision)
            {
                Console.WriteLine("  next: " + string.Join(", ", decision.Items.Select(i => $"{i.Action} [{i.Channel}/{i.Placement}]")) + (decision.Stages.Count > 0 ? $"  stages: {string.Join(", ", decision.Stages)}" : string.Empty));
            }
        }
    }
}
