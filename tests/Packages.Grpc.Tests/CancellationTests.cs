using Decisioning.Test.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class CancellationTests(EchoFixture fixture) : IClassFixture<EchoFixture>
{
    private readonly Echo.EchoClient _client = fixture.Server.Client;
    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_cancelled_token_ends_the_call_on_both_sides()
    {
        using var cancellation = new CancellationTokenSource();
        using var call = _client.SayAsync(Wait(), cancellationToken: cancellation.Token);
        await EchoService.StartedAsync(_key);
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await EchoService.CancelledAsync(_key);
    }

    [Fact]
    public async Task A_token_cancelled_before_the_call_ends_it_at_once()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(
            new EchoRequest(), cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    [Fact]
    public async Task Disposing_a_unary_call_cancels_it()
    {
        var call = _client.SayAsync(Wait());
        await EchoService.StartedAsync(_key);
        call.Dispose();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await EchoService.CancelledAsync(_key);
    }

    [Fact]
    public async Task Disposing_a_stream_that_is_being_read_cancels_it()
    {
        var request = Wait();
        request.Times = 1;
        using (var call = _client.Repeat(request))
        {
            Assert.True(await call.ResponseStream.MoveNext());
            await EchoService.StartedAsync(_key);
        }

        await EchoService.CancelledAsync(_key);
    }

    [Fact]
    public async Task Cancelling_a_read_cancels_its_call()
    {
        var request = Wait();
        request.Times = 1;
        using var cancellation = new CancellationTokenSource();
        using var call = _client.Repeat(request);
        Assert.True(await call.ResponseStream.MoveNext(cancellation.Token));
        var next = call.ResponseStream.MoveNext(cancellation.Token);
        await EchoService.StartedAsync(_key);
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => next);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await EchoService.CancelledAsync(_key);
    }

    [Fact]
    public async Task A_cancelled_chat_ends_on_both_sides()
    {
        using var cancellation = new CancellationTokenSource();
        using var call = _client.Chat(cancellationToken: cancellation.Token);
        await call.RequestStream.WriteAsync(Wait());
        await EchoService.StartedAsync(_key);
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await EchoService.CancelledAsync(_key);
    }

    [Fact]
    public async Task Disposing_the_channel_ends_its_calls()
    {
        var channel = GrpcChannel.ForAddress(fixture.Server.Address);
        using var call = new Echo.EchoClient(channel).SayAsync(Wait());
        await EchoService.StartedAsync(_key);
        channel.Dispose();
        await Assert.ThrowsAsync<RpcException>(async () => await call);
        await EchoService.CancelledAsync(_key);
        Assert.Throws<ObjectDisposedException>(() => new Echo.EchoClient(channel));
    }

    [Fact]
    public async Task A_channel_may_ask_for_plain_cancellation_exceptions()
    {
        using var cancellation = new CancellationTokenSource();
        var client = fixture.Server.ClientWith(new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        using var call = client.SayAsync(Wait(), cancellationToken: cancellation.Token);
        await EchoService.StartedAsync(_key);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call);
    }

    private EchoRequest Wait() => new() { Text = _key, Behaviour = Behaviour.Wait };
}
