using System.CommandLine;
using Decisioning.Cli.Printing;
using Decisioning.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decisioning.Cli;

/// <summary>The engine a command talks to.</summary>
internal static class Connection
{
    /// <summary>The option every talking command has.</summary>
    public static Option<Uri> Address { get; } = new("--address", "-a")
    {
        Description = "Where the engine listens for gRPC.",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:5001"),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https"))
            {
                return address;
            }

            result.AddError($"--address is `{result.Tokens[0].Value}`; it must be like http://127.0.0.1:5001");
            return null;
        },
    };

    private const string Anonymous = "anonymous:";

    // RFC 9113, section 7.
    private const long Http11Required = 0xd;

    // A page of customers with a hundred features of 256 characters each.
    private const int MessageBytesMax = 64 * 1024 * 1024;

    public static GrpcChannel Open(ParseResult arguments) =>
        GrpcChannel.ForAddress(arguments.GetValue(Address)!, new GrpcChannelOptions { MaxReceiveMessageSize = MessageBytesMax });

    /// <summary>A known customer by its id, a visitor as <c>anonymous:ID</c>.</summary>
    public static CustomerIdentity Identity(string customer) => customer.StartsWith(Anonymous, StringComparison.Ordinal)
        ? new CustomerIdentity { AnonymousId = customer[Anonymous.Length..] }
        : new CustomerIdentity { UserId = customer };

    /// <summary>A customer as the command line takes it, see <see cref="Identity"/>.</summary>
    public static string Id(CustomerIdentity customer) =>
        customer.IdentityCase == CustomerIdentity.IdentityOneofCase.AnonymousId ? Anonymous + customer.AnonymousId : customer.UserId;

    /// <summary>Runs a command; what goes wrong with the engine is told in a sentence with the cure.</summary>
    public static async Task<int> RunAsync(ParseResult arguments, Func<GrpcChannel, Task<int>> command)
    {
        using var channel = Open(arguments);
        try
        {
            return await command(channel);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            throw new OperationCanceledException(e.Message, e);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable || Transport(e) is not null)
        {
            Complain($"the engine at {arguments.GetValue(Address)} cannot be reached: {Transport(e) ?? e.Status.Detail}");
            Complain("start it with `dotnet run make.cs up`, or name it with --address; repeating the command is safe");
            return ExitCode.Unreachable;
        }
        catch (RpcException e)
        {
            Complain($"the engine refused ({e.StatusCode}): {e.Status.Detail}");
            return e.StatusCode is StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound ? ExitCode.Refused : ExitCode.Unreachable;
        }
    }

    // What the network said, without the names of the layers it went through; null when the engine itself answered.
    private static string? Transport(RpcException e)
    {
        if (e.Status.DebugException is not { } cause)
        {
            return null;
        }

        for (; cause.InnerException is { } inner; cause = inner)
        {
        }

        return cause switch
        {
            HttpProtocolException { ErrorCode: Http11Required } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } =>
                "what listens there does not speak gRPC; the HTTP port is another",
            HttpProtocolException or HttpIOException => "the connection was lost",
            _ => cause.Message,
        };
    }

    public static void Complain(string message) => Console.Error.WriteLine($"decide: {Visible.Text(message)}");
}
