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
    private const string External = "external:";

    /// <summary>The environment variable that holds the key where <see cref="Key"/> is not given: it stands in no list of processes.</summary>
    public const string KeyVariable = "DECISIONING_KEY";

    /// <summary>The key that every talking command may need.</summary>
    public static Option<string?> Key { get; } = new("--key", "-k") { Description = $"The key or token to be let in with ({KeyVariable} of the environment)." };

    // RFC 9113, section 7.
    private const long Http11Required = 0xd;

    // A page of customers with a hundred features of 256 characters each.
    private const int MessageBytesMax = 64 * 1024 * 1024;

    public static GrpcChannel Open(ParseResult arguments)
    {
        var (address, options) = (arguments.GetValue(Address)!, new GrpcChannelOptions { MaxReceiveMessageSize = MessageBytesMax });
        var key = arguments.GetValue(Key) ?? Environment.GetEnvironmentVariable(KeyVariable);
        if (!string.IsNullOrWhiteSpace(key))
        {
            var isSecure = address.Scheme == Uri.UriSchemeHttps;
            if (!isSecure && !address.IsLoopback)
            {
                Complain($"the key goes to {address} in the clear; name the engine with https://");
            }

            options.UnsafeUseInsecureChannelCallCredentials = !isSecure;
            options.Credentials = ChannelCredentials.Create(
                isSecure ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
                CallCredentials.FromInterceptor((_, headers) =>
                {
                    headers.Add("authorization", "Bearer " + key.Trim());
                    return Task.CompletedTask;
                }));
        }

        return GrpcChannel.ForAddress(address, options);
    }

    /// <summary>A known customer by its id, a visitor as <c>anonymous:ID</c>, another system's id as <c>external:NAMESPACE:ID</c>.</summary>
    public static CustomerIdentity Identity(string customer)
    {
        if (customer.StartsWith(Anonymous, StringComparison.Ordinal))
        {
            return new CustomerIdentity { AnonymousId = customer[Anonymous.Length..] };
        }

        return customer.StartsWith(External, StringComparison.Ordinal) && customer[External.Length..].Split(':', 2) is [var system, var id]
            ? new CustomerIdentity { External = new() { Namespace = system, Id = id } }
            : new CustomerIdentity { UserId = customer };
    }

    /// <summary>A customer as the command line takes it, see <see cref="Identity"/>.</summary>
    public static string Id(CustomerIdentity customer) => customer.IdentityCase switch
    {
        CustomerIdentity.IdentityOneofCase.AnonymousId => Anonymous + customer.AnonymousId,
        CustomerIdentity.IdentityOneofCase.External => $"{External}{customer.External.Namespace}:{customer.External.Id}",
        _ => customer.UserId,
    };

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
            if (e.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
            {
                Complain($"give a key with --key, or in {KeyVariable}");
            }

            return e.StatusCode is StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.Unauthenticated or StatusCode.PermissionDenied
                ? ExitCode.Refused
                : ExitCode.Unreachable;
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
