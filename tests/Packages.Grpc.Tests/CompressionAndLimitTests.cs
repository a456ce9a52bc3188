using Decisioning.Test.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class CompressionAndLimitTests
{
    private static readonly EchoRequest Compressible = new() { Text = "zeros", Payload = ByteString.CopyFrom(new byte[100_000]) };

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Responses_are_compressed_for_those_who_accept_it(string encoding)
    {
        await using var server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = encoding);
        Assert.Equal(Compressible.Payload, (await server.Client.SayAsync(Compressible)).Payload);

        var packed = await RawCalls.PostAsync(server.Address, RawCalls.Frame(Compressible), headers: ("grpc-accept-encoding", $"identity, {encoding}"));
        Assert.Equal([encoding], packed.Headers.GetValues("grpc-encoding"));
        Assert.Equal(1, packed.Body[0]);
        Assert.InRange(packed.Body.Length, 5, 10_000);

        var plain = await RawCalls.PostAsync(server.Address, RawCalls.Frame(Compressible), headers: ("grpc-accept-encoding", "identity"));
        Assert.False(plain.Headers.Contains("grpc-encoding"));
        Assert.Equal(0, plain.Body[0]);
    }

    [Fact]
    public async Task An_empty_message_is_not_compressed()
    {
        Assert.SkipUnless(EchoServer.IsFallback, "the real package sends a compressed nothing, which some clients cannot unpack");
        await using var server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        var reply = await RawCalls.PostAsync(server.Address, RawCalls.Frame(new EchoRequest()), headers: ("grpc-accept-encoding", "gzip"));
        Assert.Equal([0, 0, 0, 0, 0], reply.Body);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Requests_are_compressed_where_the_call_asks_for_it(string encoding)
    {
        await using var server = await EchoServer.StartAsync();
        var recorder = new Recorder();
        var client = server.ClientWith(new GrpcChannelOptions { HttpHandler = recorder });
        var reply = await client.SayAsync(Compressible, new Metadata { { "grpc-internal-encoding-request", encoding } });
        Assert.Equal(Compressible.Payload, reply.Payload);
        Assert.Equal(encoding, recorder.Encoding);
        Assert.Equal(1, recorder.Body[0]);
        Assert.InRange(recorder.Body.Length, 5, 10_000);
    }

    [Fact]
    public async Task Compressed_streams_go_both_ways()
    {
        await using var server = await EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        using var call = server.Client.Chat(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        for (var i = 0; i < 10; i++)
        {
            // A message may opt out of the call's compression.
            call.RequestStream.WriteOptions = new WriteOptions(i % 2 == 0 ? WriteFlags.NoCompress : default);
            await call.RequestStream.WriteAsync(Compressible);
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(Compressible.Payload, call.ResponseStream.Current.Payload);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_response_encoding_without_a_provider_stops_the_start() =>
        await Assert.ThrowsAnyAsync<InvalidOperationException>(
            () => EchoServer.StartAsync(options => options.ResponseCompressionAlgorithm = "lzma"));

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(2_000, false)]
    public async Task A_server_refuses_requests_over_its_limit(int size, bool passes)
    {
        await using var server = await EchoServer.StartAsync(options => options.MaxReceiveMessageSize = 1_500);
        await CheckAsync(server.Client, size, passes);
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(2_000, false)]
    public async Task A_server_does_not_send_responses_over_its_limit(int size, bool passes)
    {
        await using var server = await EchoServer.StartAsync(options => options.MaxSendMessageSize = 1_500);
        await CheckAsync(server.Client, size, passes);
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(2_000, false)]
    public async Task A_client_does_not_send_requests_over_its_limit(int size, bool passes)
    {
        await using var server = await EchoServer.StartAsync();
        await CheckAsync(server.ClientWith(new GrpcChannelOptions { MaxSendMessageSize = 1_500 }), size, passes);
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(2_000, false)]
    public async Task A_client_refuses_responses_over_its_limit(int size, bool passes)
    {
        await using var server = await EchoServer.StartAsync();
        await CheckAsync(server.ClientWith(new GrpcChannelOptions { MaxReceiveMessageSize = 1_500 }), size, passes);
    }

    [Theory]
    [InlineData(4 * 1024 * 1024 - 100, true)]
    [InlineData(4 * 1024 * 1024 + 100, false)]
    public async Task The_default_limit_is_four_megabytes(int size, bool passes)
    {
        await using var server = await EchoServer.StartAsync();
        await CheckAsync(server.Client, size, passes);
    }

    [Fact]
    public async Task A_limit_may_be_lifted()
    {
        await using var server = await EchoServer.StartAsync(options => options.MaxReceiveMessageSize = null);
        await CheckAsync(server.ClientWith(new GrpcChannelOptions { MaxReceiveMessageSize = null }), 20_000_000, passes: true);
    }

    [Fact]
    public async Task A_message_over_the_limit_ends_a_stream()
    {
        await using var server = await EchoServer.StartAsync(options => options.MaxReceiveMessageSize = 1_500);
        using var call = server.Client.Chat();
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "small" });
        Assert.True(await call.ResponseStream.MoveNext());
        await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[2_000]) });
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    private static async Task CheckAsync(Echo.EchoClient client, int size, bool passes)
    {
        var request = new EchoRequest { Payload = ByteString.CopyFrom(new byte[size]) };
        if (passes)
        {
            Assert.Equal(size, (await client.SayAsync(request)).Payload.Length);
            return;
        }

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.SayAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    /// <summary>Keeps what goes out.</summary>
    private sealed class Recorder() : DelegatingHandler(new SocketsHttpHandler())
    {
        public string? Encoding { get; private set; }

        public byte[] Body { get; private set; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Encoding = string.Join(',', request.Headers.GetValues("grpc-encoding"));
            Body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
