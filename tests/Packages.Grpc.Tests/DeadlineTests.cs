using System.Collections.Concurrent;
using Decisioning.Test.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class DeadlineTests(EchoFixture fixture) : IClassFixture<EchoFixture>
{
    // The call must have reached the server by then, on a busy machine too.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly Echo.EchoClient _client = fixture.Server.Client;

    [Fact]
    public async Task A_call_that_is_not_answered_in_time_ends_on_both_sides()
    {
        var key = Guid.NewGuid().ToString();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(
            new EchoRequest { Text = key, Behaviour = Behaviour.Wait }, deadline: DateTime.UtcNow + Short));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await EchoService.CancelledAsync(key);
    }

    [Fact]
    public async Task A_method_that_ignores_the_deadline_does_not_hold_up_its_caller()
    {
        var key = Guid.NewGuid().ToString();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(
            new EchoRequest { Text = key, Behaviour = Behaviour.Stubborn }, deadline: DateTime.UtcNow + Short));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        EchoService.Release(key);
        Assert.Equal("still there", (await _client.SayAsync(new EchoRequest { Text = "still there" })).Text);
    }

    [Fact]
    public async Task A_stream_may_run_into_its_deadline_after_messages()
    {
        var key = Guid.NewGuid().ToString();
        using var call = _client.Repeat(
            new EchoRequest { Text = key, Times = 2, Behaviour = Behaviour.Wait }, deadline: DateTime.UtcNow + Short);
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal(StatusCode.DeadlineExceeded, call.GetStatus().StatusCode);
        await EchoService.CancelledAsync(key);
    }

    [Fact]
    public async Task A_client_stream_runs_into_its_deadline_while_the_server_waits_for_more()
    {
        var key = Guid.NewGuid().ToString();
        using var call = _client.Collect(new Metadata { { "key", key } }, deadline: DateTime.UtcNow + Short);
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "one" });
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await EchoService.CancelledAsync(key);
    }

    [Fact]
    public async Task A_deadline_in_the_past_fails_at_once()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(
            new EchoRequest(), deadline: DateTime.UtcNow - TimeSpan.FromSeconds(1)));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task A_deadline_that_is_not_in_utc_is_refused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _client.SayAsync(
            new EchoRequest(), deadline: DateTime.SpecifyKind(DateTime.UtcNow.AddHours(1), DateTimeKind.Local)));

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(10_000_000)]
    public async Task The_server_sees_the_deadline(int seconds)
    {
        var deadline = DateTime.UtcNow.AddSeconds(seconds);
        var reply = await _client.SayAsync(new EchoRequest { Behaviour = Behaviour.Deadline }, deadline: deadline);
        Assert.InRange(reply.At.ToDateTime(), deadline.AddSeconds(-2), deadline.AddSeconds(2));
    }

    [Fact]
    public async Task Without_a_deadline_the_server_sees_the_end_of_time()
    {
        var reply = await _client.SayAsync(new EchoRequest { Behaviour = Behaviour.Deadline });
        Assert.Equal(DateTime.MaxValue.Date, reply.At.ToDateTime().Date);
    }

    [Fact]
    public async Task A_deadline_that_passes_while_an_answer_is_written_waits_for_it_and_is_no_error_of_the_server()
    {
        Assert.SkipUnless(EchoServer.IsFallback, "what the real package logs in this moment is its own affair");
        var errors = new ConcurrentQueue<string>();
        await using var server = await EchoServer.StartAsync(
            build: builder => builder.Logging.AddProvider(new ErrorsOf(errors)), map: app => app.MapGrpcService<SlowWriter>());
        using var unary = server.Channel.CreateCallInvoker().AsyncUnaryCall(SlowWriter.Unary, null, new(deadline: DateTime.UtcNow + Short), "unary");
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(async () => await unary)).StatusCode);
        using var stream = server.Channel.CreateCallInvoker().AsyncServerStreamingCall(SlowWriter.Stream, null, new(deadline: DateTime.UtcNow + Short), "stream");
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext())).StatusCode);
        Assert.Empty(errors);
    }

    private sealed class ErrorsOf(ConcurrentQueue<string> errors) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                errors.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
