using Grpc.Core.Internal;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Web.Internal;

/// <summary>Makes a gRPC-Web request look like gRPC to the endpoint, and the answer like gRPC-Web to the browser.</summary>
internal sealed class GrpcWebMiddleware(RequestDelegate next, GrpcWebOptions options)
{
    private const string Binary = "application/grpc-web";
    private const string Text = "application/grpc-web-text";

    internal Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isText = WireNames.IsContentType(Text, request.ContentType);
        if (!HttpMethods.IsPost(request.Method) || (!isText && !WireNames.IsContentType(Binary, request.ContentType)))
        {
            return next(context);
        }

        var enabled = context.GetEndpoint()?.Metadata.GetMetadata<IGrpcWebEnabledMetadata>()?.GrpcWebEnabled ?? options.DefaultEnabled;
        return enabled ? TranslateAsync(context, isText) : next(context);
    }

    private static string SuffixOf(string? contentType)
    {
        var suffix = contentType?.IndexOf('+', StringComparison.Ordinal) ?? -1;
        return suffix < 0 ? "" : contentType![suffix..];
    }

    private async Task TranslateAsync(HttpContext context, bool isText)
    {
        var request = context.Request;
        var response = context.Response;
        var protocol = request.Protocol;
        var answersText = WireNames.IsContentType(Text, request.Headers.Accept.ToString());
        using var feature = new GrpcWebFeature(context, isText, answersText);
        request.ContentType = WireNames.ContentType + SuffixOf(request.ContentType);
        request.Protocol = HttpProtocol.Http2;
        response.OnStarting(() =>
        {
            // The server closes an HTTP/1.1 connection by its own rules, which it finds by the request's real protocol.
            request.Protocol = protocol;
            if (WireNames.IsContentType(WireNames.ContentType, response.ContentType))
            {
                response.ContentType = (answersText ? Text : Binary) + SuffixOf(response.ContentType);
            }

            return Task.CompletedTask;
        });
        try
        {
            await next(context);
            await feature.FinishAsync();
        }
        finally
        {
            feature.Detach();
        }
    }
}
