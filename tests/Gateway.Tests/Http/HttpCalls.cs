using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Decisioning.Engine.Customers;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Http;

/// <summary>What came back: the status and the body as JSON.</summary>
internal sealed record HttpAnswer(HttpStatusCode Status, JsonNode? Body, HttpResponseHeaders Headers, string? ContentType)
{
    /// <summary>Fields named in the errors of the answer.</summary>
    public List<string> Fields => [.. (Body?["errors"]?.AsArray() ?? []).Select(error => (string)error!["field"]!)];
}

/// <summary>Calls of a server over plain HTTP.</summary>
internal static class HttpCalls
{
    private static readonly HttpClient Client = new();

    public static Task<HttpAnswer> PostAsync(this GatewayServer server, string path, string body, string type = "application/json") =>
        server.PostAsync(path, Encoding.UTF8.GetBytes(body), type);

    public static Task<HttpAnswer> PostAsync(this GatewayServer server, string path, byte[] body, string type = "application/json", string? encoding = null)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return server.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
    }

    public static Task<HttpAnswer> GetAsync(this GatewayServer server, string path) => server.SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public static async Task<HttpAnswer> SendAsync(this GatewayServer server, HttpRequestMessage request)
    {
        request.RequestUri = new Uri(server.Http1, request.RequestUri!);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var type = response.Content.Headers.ContentType?.MediaType;
        return new HttpAnswer(response.StatusCode, type?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(text) : null, response.Headers, type);
    }

    /// <summary>What is in a user's log.</summary>
    public static async Task<List<CustomerEvent>> LogAsync(this GatewayServer server, string user) =>
        [.. (await server.Store.LoadLogAsync(CustomerKey.User("default", user), TestContext.Current.CancellationToken)).Tail.Select(recorded => recorded.Event).Where(Linking.IsCarried)];

    public static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    public static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }
}
