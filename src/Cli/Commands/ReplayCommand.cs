using System.CommandLine;
using System.Globalization;
using Decisioning.Cli.Printing;
using Decisioning.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Decisioning.Cli.Commands;

/// <summary><c>decide replay</c>: shows a customer as it was, makes recorded decisions again, and holds what is in memory against the log.</summary>
internal static class ReplayCommand
{
    private static readonly Option<string?> Customer = new("--customer", "-u") { Description = "A user id, or anonymous:ID; everybody if not given." };

    private static readonly Option<DateTimeOffset?> At = new("--at")
    {
        Description = "Shows the customer as known at this time, e.g. 2026-03-01T09:00:00Z.",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(
                result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
            {
                return at;
            }

            result.AddError($"--at is `{result.Tokens[0].Value}`; it must be a time like 2026-03-01T09:00:00Z");
            return null;
        },
    };

    private static readonly Option<bool> Decisions = new("--decisions") { Description = "Makes the recorded decisions again and tells what differs." };

    private static readonly Option<string?> Strategy = new("--strategy", "-s")
    {
        Description = "With --decisions: another version by number, or a strategy's folder, as if it had been in force from the first event.",
    };

    private static readonly Option<bool> Verify = new("--verify") { Description = "Folds the log from the beginning and compares with what is held in memory." };

    private static readonly Option<int> Show = new("--show") { Description = "How many that differ are shown; all are counted.", DefaultValueFactory = _ => 20 };

    public static Command Create()
    {
        var command = new Command("replay", "Shows a customer as it was, makes recorded decisions again, or holds what is in memory against the log. Changes nothing.")
        {
            Customer, At, Decisions, Strategy, Verify, Show, Connection.Address, Connection.Key,
        };
        Bounds.Check(Show, 0, 1000);
        command.Validators.Add(result =>
        {
            var ways = new[] { result.GetResult(At) is not null, result.GetValue(Decisions), result.GetValue(Verify) }.Count(isAsked => isAsked);
            if (ways != 1)
            {
                result.AddError("say one of --at TIME, --decisions and --verify");
            }
            else if (result.GetResult(At) is not null && result.GetValue(Customer) is null)
            {
                result.AddError("--at shows one customer; name it with --customer");
            }
            else if (result.GetValue(Strategy) is not null && !result.GetValue(Decisions))
            {
                result.AddError("--strategy goes with --decisions");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var customer = arguments.GetValue(Customer) is { } id ? Connection.Identity(id) : null;
        if (arguments.GetValue(At) is { } at)
        {
            return Connection.RunAsync(arguments, channel => ShowAsync(channel, customer!, at, cancellationToken));
        }

        if (arguments.GetValue(Verify))
        {
            return Connection.RunAsync(arguments, channel => VerifyAsync(channel, customer, arguments.GetValue(Show), cancellationToken));
        }

        var request = new ReplayDecisionsRequest { Customer = customer, MaxDiffering = Math.Max(1, arguments.GetValue(Show)) };
        if (arguments.GetValue(Strategy) is { } strategy && !TryGive(strategy, request))
        {
            return Task.FromResult(ExitCode.Usage);
        }

        return Connection.RunAsync(arguments, channel => ReplayAsync(channel, request, arguments.GetValue(Show), cancellationToken));
    }

    private static bool TryGive(string strategy, ReplayDecisionsRequest request)
    {
        if (long.TryParse(strategy, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            request.StrategyVersion = version;
            return true;
        }

        if (StrategyFolder.Read(strategy) is not { } source)
        {
            return false;
        }

        request.Source = StrategyFolder.ToSend(source);
        return true;
    }

    private static async Task<int> ShowAsync(ChannelBase channel, CustomerIdentity customer, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var request = new StateAtRequest { Customer = customer, At = at.ToTimestamp() };
        var response = await new Histories.HistoriesClient(channel).StateAtAsync(request, cancellationToken: cancellationToken);
        if (response.Customer.Sequence == 0)
        {
            Connection.Complain($"nothing was known of `{Connection.Id(customer)}` at {at:yyyy-MM-dd HH:mm:ss'Z'}");
            return ExitCode.Refused;
        }

        CustomerPrinter.Print(response.Customer);
        return ExitCode.Ok;
    }

    private static async Task<int> VerifyAsync(ChannelBase channel, CustomerIdentity? customer, int show, CancellationToken cancellationToken)
    {
        var (customers, events, differing) = (0L, 0L, 0L);
        using var call = new Histories.HistoriesClient(channel).Verify(new VerifyRequest { Customer = customer }, cancellationToken: cancellationToken);
        await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            customers += page.Customers;
            events += page.Events;
            foreach (var one in page.Differing)
            {
                if (differing++ < show)
                {
                    ReplayPrinter.Print(one);
                }
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"customers {customers}  events {events}  differing {differing}"));
        return differing > 0 ? ExitCode.Refused : ExitCode.Ok;
    }

    private static async Task<int> ReplayAsync(ChannelBase channel, ReplayDecisionsRequest request, int show, CancellationToken cancellationToken)
    {
        var summary = new ReplaySummary(show);
        using var call = new Histories.HistoriesClient(channel).ReplayDecisions(request, cancellationToken: cancellationToken);
        await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            FindingPrinter.Print("error", page.Errors);
            if (page.Errors.Count > 0)
            {
                return ExitCode.Refused;
            }

            summary.Add(page);
        }

        summary.Print(isOther: request.StrategyCase != ReplayDecisionsRequest.StrategyOneofCase.None);
        return summary.Differing > 0 ? ExitCode.Refused : ExitCode.Ok;
    }
}
