using System.CommandLine;
using Decisioning.Cli.Printing;
using Decisioning.V1;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide customer ID</c>: prints what is known of a customer.</summary>
internal static class CustomerCommand
{
    private static readonly Argument<string> Customer = new("CUSTOMER") { Description = "A user id, or anonymous:ID." };

    public static Command Create()
    {
        var command = new Command("customer", "Prints what is known of a customer: profile, features, tags, segments, scores, stages.") { Customer, Connection.Address, Connection.Key };
        command.SetAction((arguments, cancellationToken) => Connection.RunAsync(arguments, async channel =>
        {
            var request = new GetRequest { Customer = Connection.Identity(arguments.GetValue(Customer)!) };
            var response = await new Customers.CustomersClient(channel).GetAsync(request, cancellationToken: cancellationToken);
            if (response.Customer.Sequence == 0)
            {
                Connection.Complain($"nothing is known of `{arguments.GetValue(Customer)}`; a visitor is written anonymous:ID");
                return ExitCode.Refused;
            }

            CustomerPrinter.Print(response.Customer);
            return ExitCode.Ok;
        }));
        return command;
    }
}
