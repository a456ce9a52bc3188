using System.IO.Compression;
using System.Net;
using Decisioning.Test.V1;
using Google.Protobuf;
using static Decisioning.Packages.Grpc.Tests.RawCalls;

namespace Decisioning.Packages.Grpc.Tests;

/// <summary>What no gRPC client sends: the server answers with a status and goes on.</summary>
public sealed class ProtocolTests(EchoFixture fixture) : IClassFixture<EchoFixture>
{
    private const int Unknown = 2;
    private const int DeadlineExceeded = 4;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;
    private const int Internal = 13;

    private static readonly byte[] Hello = Frame(new EchoRequest { Text = "hello" });

    private readonly Uri _server = fixture.Server.Address;

    public static TheoryData<string, byte[], int[]> MalformedBodies => new()
    {
        { "nothing", [], [Internal] },
        { "part of a header", [0, 0, 0], [Internal] },
        { "less than announced", Frame([1, 2, 3], length: 10), [Internal] },
        { "two messages", [.. Hello, .. Hello], [Internal] },
        { "a message and part of another", [.. Hello, 0, 0], [Internal] },
        { "more than the limit announced", Frame([1, 2, 3], length: int.MaxValue), [ResourceExhausted] },
        { "an unknown flag", Frame([], flag: 7), [Internal, Unknown] },
        { "compressed without an encoding", Frame([1, 2, 3], flag: 1), [Internal] },
        { "no protobuf", Frame([0xFF, 0xFF, 0xFF, 0xFF]), [Internal, Unknown] },
        { "text that is no utf-8", Frame([0x0A, 0x02, 0xC3, 0x28]), [0, Internal, Unknown] },
    };

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task A_malformed_body_gets_a_status_and_the_next_call_an_answer(string what, byte[] body, int[] statuses)
    {
        var status = (await PostAsync(_server, body)).Status;
        Assert.True(statuses.Contains(status ?? -1), $"{what}: {status}");
        Assert.Equal(0, (await PostAsync(_server, Hello)).Status);
    }

    [Fact]
    public async Task An_unknown_encoding_is_unimplemented_and_the_known_ones_are_named()
    {
        var reply = await PostAsync(_server, Frame([1, 2, 3], flag: 1), headers: ("grpc-encoding", "lzma"));
        Assert.Equal(Unimplemented, reply.Status);
        Assert.Contains("gzip", string.Join(',', reply.Headers.GetValues("grpc-accept-encoding")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrupt_gzip_message_is_an_error()
    {
        var reply = await PostAsync(_server, Frame([1, 2, 3], flag: 1), headers: ("grpc-encoding", "gzip"));
        Assert.Contains(reply.Status, (int?[])[Internal, Unknown]);
    }

    [Fact]
    public async Task A_compressed_message_may_not_unpack_to_more_than_the_limit()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            new EchoRequest { Payload = ByteString.CopyFrom(new byte[10_000_000]) }.WriteTo(gzip);
        }

        var reply = await PostAsync(_server, Frame(packed.ToArray(), flag: 1), headers: ("grpc-encoding", "gzip"));
        Assert.Equal(ResourceExhausted, reply.Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("application/grpcfoo")]
    [InlineData(null)]
    public async Task Another_content_type_is_an_unsupported_media_type(string? contentType) =>
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(_server, Hello, contentType: contentType)).Http);

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc; charset=utf-8")]
    public async Task A_content_type_may_have_a_suffix(string contentType) =>
        Assert.Equal(0, (await PostAsync(_server, Hello, contentType: contentType)).Status);

    [Fact]
    public async Task A_get_finds_nothing() =>
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(_server, [], method: HttpMethod.Get)).Http);

    [Fact]
    public async Task Http_1_has_to_be_upgraded() =>
        Assert.Equal(
            HttpStatusCode.UpgradeRequired,
            (await PostAsync(fixture.Server.Http1Address, Hello, version: HttpVersion.Version11)).Http);

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("abc")]
    [InlineData("10")]
    [InlineData("10x")]
    [InlineData("-5S")]
    [InlineData("1 S")]
    [InlineData("0m")]
    [InlineData("99999999999S")]
    public async Task A_timeout_that_makes_no_sense_is_ignored(string timeout) =>
        Assert.Equal(0, (await PostAsync(_server, Hello, headers: ("grpc-timeout", timeout))).Status);

    [Theory]
    [InlineData("100n")]
    [InlineData("100u")]
    [InlineData("50m")]
    public async Task The_server_itself_ends_a_call_at_its_deadline(string timeout)
    {
        var body = Frame(new EchoRequest { Behaviour = Behaviour.Wait, Text = Guid.NewGuid().ToString() });
        Assert.Equal(DeadlineExceeded, (await PostAsync(_server, body, headers: ("grpc-timeout", timeout))).Status);
    }

    [Theory]
    [InlineData("1S")]
    [InlineData("1M")]
    [InlineData("99999999H")]
    public async Task A_timeout_in_any_unit_is_understood(string timeout)
    {
        // A unit taken for a smaller one would end this call before it begins.
        var reply = await PostAsync(_server, Hello, headers: ("grpc-timeout", timeout));
        Assert.True(reply.Status == 0, $"{reply.Status}");
    }

    [Fact]
    public async Task A_normal_answer_has_headers_one_frame_and_trailers()
    {
        var reply = await PostAsync(_server, Hello);
        Assert.Equal(HttpStatusCode.OK, reply.Http);
        Assert.Equal("application/grpc", reply.ContentType);
        Assert.Equal(Hello, reply.Body);
        Assert.Equal(["0"], reply.Trailers.GetValues("grpc-status"));
        Assert.False(reply.Trailers.Contains("grpc-message"));
    }
}
