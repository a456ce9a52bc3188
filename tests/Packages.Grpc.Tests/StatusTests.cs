using Decisioning.Test.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class StatusTests(EchoFixture fixture) : IClassFixture<EchoFixture>
{
    private readonly Echo.EchoClient _client = fixture.Server.Client;

    public static TheoryData<StatusCode> Failures => [.. Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK)];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Every_status_code_reaches_the_client_with_its_detail(StatusCode code)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(Fail(code, "100 % düster\n☂")));
        Assert.Equal((code, "100 % düster\n☂"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Details_arrive_in_the_trailers()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(Fail(StatusCode.InvalidArgument, "wrong")));
        var status = Google.Rpc.Status.Parser.ParseFrom(error.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal((int)StatusCode.InvalidArgument, status.Code);
        Assert.Equal("text", status.Details.Single().Unpack<BadRequest>().FieldViolations.Single().Field);
    }

    [Fact]
    public async Task A_stream_may_fail_after_its_messages()
    {
        var request = Fail(StatusCode.Aborted, "later");
        request.Times = 3;
        using var call = _client.Repeat(request);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext());
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Aborted, error.StatusCode);
        Assert.NotNull(error.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(StatusCode.Aborted, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_chat_may_fail_in_the_middle()
    {
        using var call = _client.Chat();
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "fine" });
        Assert.True(await call.ResponseStream.MoveNext());
        await call.RequestStream.WriteAsync(Fail(StatusCode.DataLoss, "gone"));
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal((StatusCode.DataLoss, "gone"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task A_client_stream_may_fail()
    {
        using var call = _client.Collect();
        await call.RequestStream.WriteAsync(Fail(StatusCode.OutOfRange, "too far"));
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.OutOfRange, error.StatusCode);
    }

    [Fact]
    public async Task A_status_set_on_the_context_is_sent()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(
            new EchoRequest { Text = "set", Behaviour = Behaviour.SetStatus, Code = (int)StatusCode.NotFound }));
        Assert.Equal((StatusCode.NotFound, "set"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task An_exception_is_unknown_and_tells_nothing_of_itself()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(
            new EchoRequest { Text = "secret", Behaviour = Behaviour.Crash }));
        Assert.Equal(StatusCode.Unknown, error.StatusCode);
        Assert.DoesNotContain("secret", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_tells_of_itself_where_detailed_errors_are_on()
    {
        await using var server = await EchoServer.StartAsync(options => options.EnableDetailedErrors = true);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await server.Client.SayAsync(
            new EchoRequest { Text = "the reason", Behaviour = Behaviour.Crash }));
        Assert.Contains("the reason", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decisioning.test.v1.Echo", "Nothing")]
    [InlineData("decisioning.test.v1.Nobody", "Say")]
    public async Task An_unknown_method_or_service_is_unimplemented(string service, string name)
    {
        var method = new Method<string, string>(MethodType.Unary, service, name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        var invoker = fixture.Server.Channel.CreateCallInvoker();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await invoker.AsyncUnaryCall(method, null, default, ""));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");
        var error = await Assert.ThrowsAsync<RpcException>(async () => await new Echo.EchoClient(channel).SayAsync(new EchoRequest()));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    private static EchoRequest Fail(StatusCode code, string detail) =>
        new() { Behaviour = Behaviour.Fail, Code = (int)code, Text = detail };
}
