using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Gateway.Http.OpenApi;

/// <summary>Gives out the document of the HTTP API. As with reflection, any caller may read it.</summary>
internal static class OpenApiEndpoint
{
    public const string Path = "/openapi.json";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // Made once, when somebody asks: by then every endpoint is there.
        var document = new Lazy<byte[]>(() => JsonSerializer.SerializeToUtf8Bytes(OpenApiDocument.Of(routes.ServiceProvider.GetRequiredService<EndpointDataSource>().Endpoints)));
        routes.MapGet(Path, context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(document.Value, context.RequestAborted).AsTask();
        }).RequireAuthorization().WithMetadata(new RouteText("Operation", "This document.") { Answer = "OpenApi" });
    }
}
