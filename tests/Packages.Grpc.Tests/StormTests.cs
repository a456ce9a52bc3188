using Decisioning.Test.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Decisioning.Packages.Grpc.Tests;

/// <summary>Many calls at once, some of which are given up at any moment: whoever gets an answer gets its own, unharmed.</summary>
public sealed class StormTests
{
    private const int Callers = 24;
    private const int Calls = 60;

    /// <summary>The real client also says UNAVAILABLE where a call is given up in the moment it starts.</summary>
    private static readonly StatusCode[] GivenUp = EchoServer.IsFallback
        ? [StatusCode.Cancelled, StatusCode.DeadlineExceeded]
        : [StatusCode.Cancelled, StatusCode.DeadlineExceeded, StatusCode.Unavailable];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Calls_that_are_given_up_do_no_harm_to_others(int seed)
    {
        await using var server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = seed == 2 ? "gzip" : null);
        var answered = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var dice = new Random(HashCode.Combine(seed, caller));
            var count = 0;
            for (var i = 0; i < Calls; i++)
            {
                var context = $"seed {seed}, caller {caller}, call {i}";
                try
                {
                    await (dice.Next(3) switch
                    {
                        0 => UnaryAsync(server.Client, dice, context),
                        1 => StreamAsync(server.Client, dice, context),
                        _ => ChatAsync(server.Client, dice, context),
                    });
                    count++;
                }
                catch (RpcException exception) when (GivenUp.Contains(exception.StatusCode))
                {
                    // Given up, as the dice wanted.
                }
                catch (IOException) when (!EchoServer.IsFallback)
                {
                    // The real client lets the transport's own error out of a write.
                }
            }

            return count;
        })));
        Assert.True(answered.Sum() > Callers * Calls / 4, $"seed {seed}: only {answered.Sum()} calls were answered");
        Assert.Equal("calm", (await server.Client.SayAsync(new EchoRequest { Text = "calm" })).Text);
    }

    private static async Task UnaryAsync(Echo.EchoClient client, Random dice, string context)
    {
        using var cancellation = Cancellation(dice);
        var request = Request(dice, context);
        using var call = client.SayAsync(request, deadline: Deadline(dice), cancellationToken: cancellation.Token);
        Check(request, await call, context);
    }

    private static async Task StreamAsync(Echo.EchoClient client, Random dice, string context)
    {
        using var cancellation = Cancellation(dice);
        var request = Request(dice, context);
        request.Times = dice.Next(1, 8);
        var leaveAfter = dice.Next(2) == 0 ? dice.Next(8) : int.MaxValue;
        using var call = client.Repeat(request, deadline: Deadline(dice), cancellationToken: cancellation.Token);
        for (var i = 0; i < leaveAfter && await call.ResponseStream.MoveNext(); i++)
        {
            Assert.Equal($"{context} {i}", call.ResponseStream.Current.Text);
            Assert.Equal(request.Payload, call.ResponseStream.Current.Payload);
        }
    }

    private static async Task ChatAsync(Echo.EchoClient client, Random dice, string context)
    {
        using var cancellation = Cancellation(dice);
        using var call = client.Chat(deadline: Deadline(dice), cancellationToken: cancellation.Token);
        var times = dice.Next(1, 8);
        for (var i = 0; i < times; i++)
        {
            var request = Request(dice, context);
            await call.RequestStream.WriteAsync(request);
            Assert.True(await call.ResponseStream.MoveNext(), context);
            Check(request, call.ResponseStream.Current, context);
        }
    }

    private static EchoRequest Request(Random dice, string text)
    {
        var payload = new byte[dice.Next(4) == 0 ? dice.Next(100_000) : dice.Next(200)];
        dice.NextBytes(payload);
        return new EchoRequest { Text = text, Payload = ByteString.CopyFrom(payload) };
    }

    private static void Check(EchoRequest request, EchoReply reply, string context) =>
        Assert.True(request.Text == reply.Text && request.Payload == reply.Payload, context);

    private static CancellationTokenSource Cancellation(Random dice) =>
        dice.Next(3) == 0 ? new CancellationTokenSource(TimeSpan.FromMilliseconds(dice.Next(1, 10))) : new CancellationTokenSource();

    private static DateTime? Deadline(Random dice) => dice.Next(3) == 0 ? DateTime.UtcNow.AddMilliseconds(dice.Next(1, 20)) : null;
}
