using System.Net;
using System.Net.Http.Headers;
using Decisioning.Gateway.Access;
using Decisioning.Tests.Shared;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Gateway.Tests.Access;

/// <summary>Walks every endpoint of a running gateway: whatever is added later is in it by itself.</summary>
public sealed class WalkTests
{
    // What says how the engine is, and nothing else.
    private static readonly string[] Open = ["/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch", "/healthz", "/readyz"];

    // Reflection and the document tell what the API is, to every caller that has a credential at all.
    private static readonly string[] AnyCredential =
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", "/openapi.json"];

    [Fact]
    public async Task Every_endpoint_but_health_refuses_who_brings_no_credential()
    {
        await using var server = await RequiredAsync();
        using var grpc = new HttpClient { BaseAddress = server.Http2, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var http = new HttpClient { BaseAddress = server.Http1 };
        var walked = new List<string>();

        foreach (var (path, endpoint, _) in Endpoints(server).Where(row => !Open.Contains(row.Path)))
        {
            if (endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
            {
                using var answer = await grpc.SendAsync(Grpc(path));
                Assert.Equal((path, "16"), (path, answer.Headers.GetValues("grpc-status").Single()));
                walked.Add(path);
                continue;
            }

            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "DELETE", "PATCH"])
            {
                using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
                Assert.Equal((method, path, HttpStatusCode.Unauthorized), (method, path, answer.StatusCode));
                walked.Add(path);
            }
        }

        // The methods that the descriptors know are all among them.
        var methods = Decisioning.V1.EventsReflection.Descriptor.Services.Concat(Decisioning.V1.DecisionsReflection.Descriptor.Services)
            .Concat(Decisioning.V1.CustomersReflection.Descriptor.Services).Concat(Decisioning.V1.StrategiesReflection.Descriptor.Services)
            .Concat(Decisioning.V1.HistoriesReflection.Descriptor.Services).Concat(Decisioning.V1.KeysReflection.Descriptor.Services)
            .Concat(Decisioning.V1.AuditsReflection.Descriptor.Services)
            .SelectMany(service => service.Methods.Select(method => $"/{service.FullName}/{method.Name}"));
        Assert.All(methods, method => Assert.Contains(method, walked));
    }

    [Fact]
    public async Task Every_endpoint_declares_its_scope_but_health_which_is_open_and_reflection_which_any_caller_reads()
    {
        await using var server = await RequiredAsync();
        var named = Endpoints(server).Where(row => !row.IsUnimplemented).ToList();

        Assert.Equal(Open, named.Where(row => row.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(row => row.Path).Distinct().Order(StringComparer.Ordinal));
        var without = named.Where(row => row.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && row.Endpoint.Metadata.GetMetadata<RequiresScopeAttribute>() is null);
        Assert.Equal(AnyCredential, without.Select(row => row.Path).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/decisioning.v1.Events/NoSuchMethod")]
    [InlineData("/no.such.Service/Method")]
    [InlineData("/v9/anything")]
    public async Task What_is_not_there_is_not_told_apart_without_a_credential_and_not_found_with_one(string path)
    {
        await using var closed = await RequiredAsync();
        await using var open = new GatewayServer(null);
        await open.StartAsync();
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(closed.Http1, path))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(open.Http1, path))).StatusCode);
    }

    private static async Task<GatewayServer> RequiredAsync()
    {
        var server = new GatewayServer(null, services => services.Configure<AccessOptions>(options => options.Mode = AccessMode.Required));
        await server.StartAsync();
        return server;
    }

    private static IEnumerable<(string Path, Endpoint Endpoint, bool IsUnimplemented)> Endpoints(GatewayServer server) =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(endpoint => (
            "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Text)))),
            (Endpoint)endpoint,
            endpoint.DisplayName?.Contains("unimplemented", StringComparison.OrdinalIgnoreCase) == true));

    private static string Text(RoutePatternPart part) => part is RoutePatternLiteralPart literal ? literal.Content : "x";

    private static HttpRequestMessage Grpc(string path) => new(HttpMethod.Post, path)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
    };
}
