using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;

namespace Decisioning.Simulation.Tests.Attack.Wire;

/// <summary>An answer as bytes, with how the call ended in one word.</summary>
/// <param name="Outcome">A status of gRPC (<c>InvalidArgument</c>) or of HTTP (<c>400</c>), <c>reset (why)</c> or <c>timeout</c>.</param>
/// <param name="Body">What came.</param>
/// <param name="Said">What gRPC says beside the status; empty elsewhere.</param>
internal sealed record Answer(string Outcome, byte[] Body, string Said = "")
{
    /// <summary>Whether a text is anywhere in it.</summary>
    public bool Holds(string text) => Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    public string Text => $"{Said} {Encoding.Latin1.GetString(Body.AsSpan(0, Math.Min(Body.Length, 300)))}".Trim();
}

/// <summary>Sends bytes that no client library would send, over connections that are as they should be.</summary>
internal sealed class RawClient : IDisposable
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);
    private readonly HttpClient _grpc;
    private readonly HttpClient _http;

    public RawClient(Arena arena)
    {
        _grpc = new(Handler()) { BaseAddress = arena.Grpc, Timeout = AnswerMax };
        _http = new(Handler()) { BaseAddress = arena.Http, Timeout = AnswerMax };
    }

    /// <summary>A call of gRPC.</summary>
    /// <param name="method">Its path.</param>
    /// <param name="body">The whole body, frames and all.</param>
    /// <param name="key">The credential; null for none.</param>
    /// <param name="headers">Further ones.</param>
    public async Task<Answer> CallAsync(string method, byte[] body, string? key, params (string Name, string Value)[] headers)
    {
        using var request = Request(HttpMethod.Post, method, body, "application/grpc", key, headers);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return await AnswerAsync(_grpc, request, (response, _) => Status(response, Value(response.TrailingHeaders, StatusHeader) ?? Value(response.Headers, StatusHeader)));
    }

    /// <summary>The same as gRPC-Web; the status is in the body.</summary>
    public async Task<Answer> CallWebAsync(string method, byte[] body, string? key)
    {
        using var request = Request(HttpMethod.Post, method, body, "application/grpc-web", key, []);
        return await AnswerAsync(_http, request, (response, read) =>
        {
            var text = Encoding.Latin1.GetString(read);
            var at = text.IndexOf(StatusHeader + ":", StringComparison.Ordinal);
            var inBody = at < 0 ? null : new string([.. text.Skip(at + StatusHeader.Length + 1).SkipWhile(c => c == ' ').TakeWhile(char.IsAsciiDigit)]);
            return Status(response, Value(response.Headers, StatusHeader) ?? inBody);
        });
    }

    /// <summary>A request of HTTP/1.1.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body, string type, string? key, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, body, type, key, headers);
        return await AnswerAsync(_http, request, (response, _) => $"{(int)response.StatusCode}");
    }

    public void Dispose()
    {
        _grpc.Dispose();
        _http.Dispose();
    }

    private static SocketsHttpHandler Handler() => new()
    {
        EnableMultipleHttp2Connections = true,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        AllowAutoRedirect = false,
        MaxConnectionsPerServer = 64,
    };

    private static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string type, string? key, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", "Bearer " + key);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private static async Task<Answer> AnswerAsync(HttpClient client, HttpRequestMessage request, Func<HttpResponseMessage, byte[], string> outcome)
    {
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var body = await response.Content.ReadAsByteArrayAsync();
            return new(outcome(response, body), body, Value(response.TrailingHeaders, MessageHeader) ?? Value(response.Headers, MessageHeader) ?? "");
        }
        catch (HttpRequestException e)
        {
            return Reset(e.InnerException, e.HttpRequestError);
        }
        catch (HttpIOException e)
        {
            return Reset(e, e.HttpRequestError);
        }
        catch (OperationCanceledException)
        {
            return new("timeout", []);
        }
    }

    private static Answer Reset(Exception? e, HttpRequestError error) =>
        new($"reset ({(e is HttpProtocolException protocol ? Http2Frames.Name((uint)protocol.ErrorCode) : error.ToString())})", []);

    private static string Status(HttpResponseMessage response, string? status) =>
        int.TryParse(status, out var code) ? ((StatusCode)code).ToString()
        : response.StatusCode == HttpStatusCode.OK ? "without a status"
        : $"{(int)response.StatusCode}";

    private static string? Value(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
