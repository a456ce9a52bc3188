using System.Buffers.Binary;
using System.Net;
using System.Text;
using Decisioning.Test.V1;
using Google.Protobuf;
using Grpc.AspNetCore.Web;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Builder;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class GrpcWebTests : IAsyncLifetime
{
    private const string Repeat = "/decisioning.test.v1.Echo/Repeat";

    private EchoServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EchoServer.StartAsync(map: app =>
    {
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcService<EchoService>();
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    [InlineData("2.0", true)]
    public async Task Messages_and_trailers_come_in_the_body(string version, bool text)
    {
        var (frames, type) = await PostAsync(version, text, Repeat, new EchoRequest { Text = "n", Times = 3 });
        Assert.Equal(text ? "application/grpc-web-text" : "application/grpc-web", type);
        Assert.Equal(["n 0", "n 1", "n 2"], frames.Take(3).Select(frame => EchoReply.Parser.ParseFrom(frame.Payload).Text));
        Assert.Equal(0x80, frames[3].Flag);
        Assert.Contains("grpc-status: 0\r\n", Encoding.ASCII.GetString(frames[3].Payload), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    [InlineData("2.0", true)]
    public async Task A_stream_that_fails_says_so_in_its_last_frame(string version, bool text)
    {
        var request = new EchoRequest { Text = "wrong", Times = 1, Behaviour = Behaviour.Fail, Code = (int)StatusCode.Aborted };
        var (frames, _) = await PostAsync(version, text, Repeat, request);
        var trailers = Encoding.ASCII.GetString(frames[^1].Payload);
        Assert.Contains("grpc-status: 10\r\n", trailers, StringComparison.Ordinal);
        Assert.Contains("grpc-message: wrong\r\n", trailers, StringComparison.Ordinal);
        Assert.Contains("grpc-status-details-bin: ", trailers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task A_channel_can_speak_it_over_http_1(GrpcWebMode mode)
    {
        using var channel = GrpcChannel.ForAddress(_server.Http1Address, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(mode, new SocketsHttpHandler()), HttpVersion = HttpVersion.Version11,
        });
        var client = new Echo.EchoClient(channel);
        var payload = ByteString.CopyFrom(new byte[50_000]);
        using (var call = client.SayAsync(new EchoRequest { Text = "hello", Payload = payload }, new Metadata { { "x-key", "v" } }))
        {
            var reply = await call;
            Assert.Equal(("hello", payload), (reply.Text, reply.Payload));
            Assert.Equal("v", (await call.ResponseHeadersAsync).GetValue("x-key"));
            Assert.Equal("v", call.GetTrailers().GetValue("t-key"));
        }

        using (var call = client.Repeat(new EchoRequest { Text = "n", Times = 20 }))
        {
            var count = 0;
            await foreach (var reply in call.ResponseStream.ReadAllAsync())
            {
                Assert.Equal($"n {count++}", reply.Text);
            }

            Assert.Equal(20, count);
        }

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(
            new EchoRequest { Behaviour = Behaviour.Fail, Code = (int)StatusCode.NotFound, Text = "nö" }));
        Assert.Equal((StatusCode.NotFound, "nö"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task A_deadline_ends_a_web_call_too()
    {
        using var channel = GrpcChannel.ForAddress(_server.Http1Address, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(new SocketsHttpHandler()), HttpVersion = HttpVersion.Version11,
        });
        var key = Guid.NewGuid().ToString();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await new Echo.EchoClient(channel).SayAsync(
            new EchoRequest { Text = key, Behaviour = Behaviour.Wait }, deadline: DateTime.UtcNow.AddMilliseconds(200)));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await EchoService.CancelledAsync(key);
    }

    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAA")]
    public async Task A_text_body_that_is_broken_is_an_error(string body)
    {
        var reply = await RawCalls.PostAsync(
            _server.Address, Encoding.ASCII.GetBytes(body), contentType: "application/grpc-web-text");
        Assert.NotEqual(0, reply.Status ?? -1);
    }

    [Fact]
    public async Task Where_it_is_not_enabled_it_is_an_unsupported_media_type()
    {
        await using var server = await EchoServer.StartAsync();
        var reply = await RawCalls.PostAsync(server.Address, RawCalls.Frame(new EchoRequest()), contentType: "application/grpc-web");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.Http);
    }

    [Fact]
    public async Task A_service_can_be_opted_in_or_out()
    {
        await using var server = await EchoServer.StartAsync(map: app =>
        {
            app.UseGrpcWeb();
            app.MapGrpcService<EchoService>().EnableGrpcWeb();
        });
        var reply = await RawCalls.PostAsync(server.Address, RawCalls.Frame(new EchoRequest()), contentType: "application/grpc-web");
        Assert.Equal(HttpStatusCode.OK, reply.Http);
    }

    private async Task<(List<(byte Flag, byte[] Payload)> Frames, string? ContentType)> PostAsync(
        string version, bool text, string path, EchoRequest request)
    {
        var body = RawCalls.Frame(request);
        var reply = await RawCalls.PostAsync(
            version == "2.0" ? _server.Address : _server.Http1Address,
            text ? Encoding.ASCII.GetBytes(Convert.ToBase64String(body)) : body,
            path,
            text ? "application/grpc-web-text" : "application/grpc-web",
            Version.Parse(version),
            headers: ("Accept", text ? "application/grpc-web-text" : "application/grpc-web"));
        Assert.Equal(HttpStatusCode.OK, reply.Http);
        return (Split(text ? Decode(reply.Body) : reply.Body), reply.ContentType);
    }

    /// <summary>Base64 that may be padded in the middle.</summary>
    private static byte[] Decode(byte[] text) =>
        [.. Encoding.ASCII.GetString(text).Chunk(4).SelectMany(group => Convert.FromBase64CharArray(group, 0, group.Length))];

    private static List<(byte Flag, byte[] Payload)> Split(ReadOnlySpan<byte> body)
    {
        List<(byte, byte[])> frames = [];
        while (!body.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body[1..]);
            frames.Add((body[0], body.Slice(5, length).ToArray()));
            body = body[(5 + length)..];
        }

        return frames;
    }
}
