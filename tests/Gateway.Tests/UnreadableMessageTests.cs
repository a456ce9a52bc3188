using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests;

/// <summary>Messages of gRPC that no client library sends.</summary>
[Collection(typeof(SharedServer))]
public sealed class UnreadableMessageTests(GatewayServer server)
{
    private const string Invalid = "3";
    private const string Exhausted = "8";

    [Theory]
    [InlineData("cut off", "000000000A0A")]
    [InlineData("nothing", "")]
    [InlineData("no protobuf", "0000000003FFFFFF")]
    [InlineData("more than one", "00000000000000000000")]
    [InlineData("compressed, and does not say how", "0100000001FF")]
    [InlineData("a flag that means nothing", "0700000000")]
    public async Task A_message_that_cannot_be_read_is_its_senders_mistake(string what, string hex)
    {
        foreach (var method in (string[])["Events/Track", "Events/TrackStream", "Customers/Watch", "Decisions/NextBestActionStream"])
        {
            // A stream may have any number of messages, and says nothing of one that is fine.
            var isStream = method.EndsWith("Stream", StringComparison.Ordinal);
            if (!isStream || what is not ("nothing" or "more than one"))
            {
                Assert.Equal((method, Invalid), (method, await StatusAsync(method, Convert.FromHexString(hex))));
            }
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_message_that_inflates_beyond_what_one_may_have_is_refused(string encoding)
    {
        using var packed = new MemoryStream();
        await using (Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(new byte[GatewayModule.MessageBytesMax + 1]);
        }

        byte[] framed = [1, .. BitConverter.GetBytes(IPAddress.HostToNetworkOrder((int)packed.Length)), .. packed.ToArray()];

        Assert.Equal(Exhausted, await StatusAsync("Events/Track", framed, encoding));
        Assert.Equal(Exhausted, await StatusAsync("Events/TrackStream", framed, encoding));
    }

    private async Task<string?> StatusAsync(string method, byte[] body, string? encoding = null)
    {
        using var http = new HttpClient { BaseAddress = server.Http2 };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/decisioning.v1." + method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
            Headers = { TE = { new("trailers") } },
        };
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return (answer.TrailingHeaders.TryGetValues("grpc-status", out var values) || answer.Headers.TryGetValues("grpc-status", out values)) ? values.Single() : null;
    }
}
