using Decisioning.Test.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class CallTests(EchoFixture fixture) : IClassFixture<EchoFixture>
{
    private readonly Echo.EchoClient _client = fixture.Server.Client;

    [Fact]
    public async Task A_unary_call_answers_with_every_field()
    {
        var request = new EchoRequest
        {
            Text = "grüße ☂", Payload = ByteString.CopyFrom(1, 2, 3), At = Timestamp.FromDateTime(new(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc)),
        };
        using var call = _client.SayAsync(request);
        var reply = await call;
        Assert.Equal((request.Text, request.Payload, request.At), (reply.Text, reply.Payload, reply.At));
        Assert.Equal(Status.DefaultSuccess, call.GetStatus());
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public void A_blocking_call_answers() => Assert.Equal("now", _client.Say(new EchoRequest { Text = "now" }).Text);

    [Fact]
    public async Task An_empty_message_is_a_message() => Assert.Equal("", (await _client.SayAsync(new EchoRequest())).Text);

    [Theory]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public async Task A_message_of_any_size_arrives_whole(int size)
    {
        var payload = new byte[size];
        new Random(size).NextBytes(payload);
        var reply = await _client.SayAsync(new EchoRequest { Payload = ByteString.CopyFrom(payload) });
        Assert.Equal(payload, reply.Payload.ToByteArray());
    }

    [Fact]
    public async Task Many_calls_at_once_each_get_their_own_answer()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 500).Select(async i => (await _client.SayAsync(new EchoRequest { Text = $"{i}" })).Text));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), replies);
    }

    [Fact]
    public async Task A_client_stream_is_answered_when_it_completes()
    {
        using var call = _client.Collect();
        foreach (var text in (string[])["a", "b", "c"])
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal("a,b,c", (await call).Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_client_stream_without_messages_is_answered()
    {
        using var call = _client.Collect();
        await call.RequestStream.CompleteAsync();
        Assert.Equal("", (await call).Text);
    }

    [Fact]
    public async Task A_write_after_completion_is_refused()
    {
        using var call = _client.Collect();
        await call.RequestStream.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task A_server_stream_yields_its_messages_in_order_and_ends(int times)
    {
        using var call = _client.Repeat(new EchoRequest { Text = "n", Times = times });
        List<string> texts = [];
        await foreach (var reply in call.ResponseStream.ReadAllAsync())
        {
            texts.Add(reply.Text);
        }

        Assert.Equal(Enumerable.Range(0, times).Select(i => $"n {i}"), texts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_server_stream_of_large_messages_arrives_whole()
    {
        var payload = ByteString.CopyFrom(new byte[300_000]);
        using var call = _client.Repeat(new EchoRequest { Times = 20, Payload = payload });
        var bytes = 0L;
        await foreach (var reply in call.ResponseStream.ReadAllAsync())
        {
            bytes += reply.Payload.Length;
        }

        Assert.Equal(20 * 300_000, bytes);
    }

    [Fact]
    public async Task A_writer_is_never_far_ahead_of_its_reader()
    {
        // Client and server buffer some megabytes each, of one-megabyte messages; without backpressure all 200 would be taken at once.
        const int ahead = 40;
        var key = Guid.NewGuid().ToString();
        using var call = _client.Repeat(new EchoRequest { Text = key, Times = 200, Payload = ByteString.CopyFrom(new byte[1_000_000]) });
        for (var read = 1; await call.ResponseStream.MoveNext(); read++)
        {
            Assert.InRange(EchoService.Written(key), 0, read + ahead);
        }

        Assert.Equal(200, EchoService.Written(key));
    }

    [Fact]
    public async Task A_chat_answers_each_message_before_the_next_is_sent()
    {
        using var call = _client.Chat();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_chat_can_be_sent_and_read_at_the_same_time()
    {
        using var call = _client.Chat();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            }

            await call.RequestStream.CompleteAsync();
        });
        var next = 0;
        await foreach (var reply in call.ResponseStream.ReadAllAsync())
        {
            Assert.Equal($"{next++}", reply.Text);
        }

        await sending;
        Assert.Equal(5_000, next);
    }

    [Fact]
    public async Task A_server_may_end_a_stream_that_the_client_has_not_completed()
    {
        using var call = _client.Chat();
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "bye", Behaviour = Behaviour.Leave });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new EchoRequest());
            }
        });
    }

    [Fact]
    public async Task A_server_may_answer_a_client_stream_before_it_is_complete()
    {
        using var call = _client.Collect();
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "enough", Behaviour = Behaviour.Leave });
        Assert.Equal("enough", (await call).Text);
    }

    [Fact]
    public async Task The_status_of_an_unfinished_call_is_an_error()
    {
        using var call = _client.Chat();
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }
}
