using System.CommandLine;
using System.Net.Sockets;
using Decisioning.Cli.Tests.Support;
using Grpc.Core;

namespace Decisioning.Cli.Tests.Commands;

[Collection(typeof(TakesConsole))]
public sealed class ConnectionTests
{
    private static readonly (string Case, Exception Thrown, int Code, string Complaint)[] Rows =
    [
        ("nothing listens", Rpc(StatusCode.Unavailable, new HttpRequestException("layers", new SocketException((int)SocketError.ConnectionRefused))), 3, "http://e:1/ cannot be reached: Connection refused\n"),
        ("the connection is lost", Rpc(StatusCode.Unavailable, new HttpIOException(HttpRequestError.ResponseEnded)), 3, "http://e:1/ cannot be reached: the connection was lost\n"),
        ("another protocol", Rpc(StatusCode.Internal, new HttpRequestException("layers", new HttpProtocolException(0xd, "code 13", null))), 3, "does not speak gRPC; the HTTP port is another\n"),
        ("the engine says it is stopping", Rpc(StatusCode.Unavailable), 3, "http://e:1/ cannot be reached: words\n"),
        ("a bad request", Rpc(StatusCode.InvalidArgument), 1, "decide: the engine refused (InvalidArgument): words\n"),
        ("no such thing", Rpc(StatusCode.NotFound), 1, "decide: the engine refused (NotFound): words\n"),
        ("no strategy", Rpc(StatusCode.FailedPrecondition), 1, "decide: the engine refused (FailedPrecondition): words\n"),
        ("no key", Rpc(StatusCode.Unauthenticated), 1, "give a key with --key, or in DECISIONING_KEY\n"),
        ("a key for other things", Rpc(StatusCode.PermissionDenied), 1, "decide: the engine refused (PermissionDenied): words\n"),
        ("overload", Rpc(StatusCode.ResourceExhausted), 3, "decide: the engine refused (ResourceExhausted): words\n"),
    ];

    public static TheoryData<string> Cases => [.. Rows.Select(row => row.Case)];

    [Theory, MemberData(nameof(Cases))]
    public async Task What_goes_wrong_with_the_engine_is_told_in_a_sentence(string name)
    {
        var (_, thrown, code, complaint) = Rows.Single(row => row.Case == name);
        var error = Console.Error;
        using var complained = new StringWriter { NewLine = "\n" };
        try
        {
            Console.SetError(complained);
            Assert.Equal(code, await RunAsync(thrown));
        }
        finally
        {
            Console.SetError(error);
        }

        Assert.Contains(complaint, complained.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("layers", complained.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_ended_by_ctrl_c_is_a_stop_whatever_the_network_says() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(Rpc(StatusCode.Cancelled, new TaskCanceledException())));

    private static Task<int> RunAsync(Exception thrown) =>
        Connection.RunAsync(new RootCommand { Connection.Address, Connection.Key }.Parse(["--address", "http://e:1"]), _ => Task.FromException<int>(thrown));

    private static RpcException Rpc(StatusCode code, Exception? cause = null) => new(new Status(code, "words", cause));
}
