using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Requests;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Decisioning.Gateway.Tests;

public sealed class OutcomeInterceptorTests
{
    private static readonly (string Case, Exception Given, StatusCode Code, string Message, bool Retry)[] Rows =
    [
        ("a status", new RpcException(new Grpc.Core.Status(StatusCode.NotFound, "no such version")), StatusCode.NotFound, "no such version", false),
        ("a bad request", new InvalidRequestException([new("events", "is empty", "send 1 to 500")]), StatusCode.InvalidArgument, "events: is empty; send 1 to 500", false),
        ("the log is away", new StoreUnavailableException("the log is away", isOverload: false), StatusCode.Unavailable, "the log is away", true),
        ("the log is full", new StoreUnavailableException("the log is full", isOverload: true), StatusCode.ResourceExhausted, "the log is full", true),
        ("no strategy", new NoStrategyException("publish one first"), StatusCode.FailedPrecondition, "publish one first", false),
        ("no answer in time", new TimeoutException("grain call 17 to silo 3"), StatusCode.DeadlineExceeded, "no answer in time; the outcome is unknown: repeat with the same ids", true),
        ("cancelled", new TaskCanceledException("A task"), StatusCode.Cancelled, "the call was cancelled; the outcome is unknown: repeat with the same ids", false),
        ("the cluster", new OrleansException("silo S10.0.0.1 is gone"), StatusCode.Unavailable, "the customer cannot be reached now; the outcome is unknown: repeat with the same ids", true),
        ("data of ours that cannot be read", new InvalidDataException("secret insides"), StatusCode.Internal, "something is wrong on our side; it is in the log", false),
        ("a bug", new InvalidOperationException("secret insides"), StatusCode.Internal, "something is wrong on our side; it is in the log", false),
    ];

    public static TheoryData<string> Cases => [.. Rows.Select(row => row.Case)];

    [Theory, MemberData(nameof(Cases))]
    public void What_went_wrong_becomes_a_status(string name)
    {
        var (_, given, code, message, retry) = Rows.Single(row => row.Case == name);
        var rpc = ToRpc(given);
        Assert.Equal((code, message), (rpc.StatusCode, rpc.Status.Detail));
        Assert.Equal(retry ? TimeSpan.FromSeconds(2) : null, Detail<RetryInfo>(rpc)?.RetryDelay.ToTimeSpan());
    }

    [Fact]
    public async Task A_caller_that_leaves_while_its_stream_is_read_is_no_failure_of_ours()
    {
        var rpc = await Assert.ThrowsAsync<RpcException>(() => Interceptor.DuplexStreamingServerHandler<object, object>(
            null!, null!, null!, (_, _, _) => throw new IOException("The client reset the request stream.")));
        Assert.Equal(StatusCode.Cancelled, rpc.StatusCode);
    }

    [Fact]
    public void A_bad_request_lists_its_fields_in_the_details()
    {
        var rpc = ToRpc(new InvalidRequestException([new("a.b", "is wrong", "mend it"), new("c", "is missing", "add it")]));
        Assert.Equal(["a.b: is wrong; mend it", "c: is missing; add it"], Detail<BadRequest>(rpc)!.FieldViolations.Select(v => $"{v.Field}: {v.Description}"));
    }

    [Fact]
    public void Trailers_stay_below_what_clients_take_however_much_is_wrong()
    {
        var many = Enumerable.Range(0, 100).Select(i => new FieldViolation(new string('語', 2000) + i, new string('語', 300), "mend it")).ToImmutableArray();
        var rpc = ToRpc(new InvalidRequestException(many));
        var bytes = rpc.Trailers.GetValueBytes("grpc-status-details-bin")!.Length;
        Assert.InRange((bytes * 4 / 3) + (rpc.Status.Detail.Length * 9), 100, 8 * 1024);
        var details = Detail<BadRequest>(rpc)!.FieldViolations;
        Assert.Equal($"{100 - details.Count + 1} more; mend these first", details[^1].Description);
    }

    private static OutcomeInterceptor Interceptor { get; } =
        new(Options.Create(new GatewayOptions { RetryDelay = TimeSpan.FromSeconds(2) }), NullLogger<OutcomeInterceptor>.Instance);

    private static RpcException ToRpc(Exception given) => Interceptor.ToRpc(given, "/x/Y");

    private static T? Detail<T>(RpcException rpc)
        where T : class, IMessage<T>, new()
    {
        if (rpc.Trailers.GetValueBytes("grpc-status-details-bin") is not { } bytes)
        {
            return null;
        }

        var status = Google.Rpc.Status.Parser.ParseFrom(bytes);
        Assert.Equal(((int)rpc.StatusCode, rpc.Status.Detail), (status.Code, status.Message));
        return status.Details.Select(any => any.TryUnpack<T>(out var detail) ? detail : null).FirstOrDefault(detail => detail is not null);
    }
}
