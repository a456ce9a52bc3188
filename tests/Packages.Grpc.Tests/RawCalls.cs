using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Decisioning.Test.V1;
using Google.Protobuf;

namespace Decisioning.Packages.Grpc.Tests;

/// <summary>What came back of a request that no gRPC client would make.</summary>
public sealed record RawReply(HttpStatusCode Http, string? ContentType, HttpResponseHeaders Headers, byte[] Body, HttpResponseHeaders Trailers)
{
    /// <summary>The gRPC status, from the trailers or, where the answer has no body, from the headers.</summary>
    public int? Status =>
        Trailers.TryGetValues("grpc-status", out var trailer) ? int.Parse(trailer.Single())
        : Headers.TryGetValues("grpc-status", out var header) ? int.Parse(header.Single())
        : null;
}

/// <summary>gRPC by hand: a plain HTTP client and bytes.</summary>
public static class RawCalls
{
    public const string Say = "/decisioning.test.v1.Echo/Say";

    private static readonly HttpClient Http = new();

    public static async Task<RawReply> PostAsync(
        Uri server,
        byte[] body,
        string path = Say,
        string? contentType = "application/grpc",
        Version? version = null,
        HttpMethod? method = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(server, path))
        {
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = method == HttpMethod.Get ? null : new ByteArrayContent(body),
        };
        if (request.Content is not null && contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new(response.StatusCode, response.Content.Headers.ContentType?.ToString(), response.Headers, bytes, response.TrailingHeaders);
    }

    public static byte[] Frame(EchoRequest message) => Frame(message.ToByteArray());

    public static byte[] Frame(byte[] payload, byte flag = 0, int? length = null)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length ?? payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }
}
