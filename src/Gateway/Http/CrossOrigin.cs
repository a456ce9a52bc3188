using Decisioning.Gateway.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Http;

/// <summary>
/// Lets pages of other origins call us from a browser (CORS), over gRPC-Web and plain HTTP alike. Nothing here rests on what a browser
/// adds by itself: there are no cookies, and a credential is in a header or body that the page wrote. So any page may ask whether it
/// may call; what it gets to read is decided when its credential is known, and its key's own origins have been judged by then.
/// </summary>
internal sealed class CrossOrigin(RequestDelegate next, IOptions<GatewayOptions> options)
{
    private const string Methods = "GET, POST";

    // Those of gRPC-Web and Connect, of our API, of conditional requests, and of a trace that began in the page.
    private const string RequestHeaders =
        "authorization, x-api-key, content-type, content-encoding, if-none-match, x-grpc-web, x-user-agent, grpc-timeout, connect-protocol-version, "
        + "connect-timeout-ms, x-retry-count, traceparent, tracestate, ce-id, ce-source, ce-type, ce-specversion, ce-subject, ce-time, ce-anonymousid";

    private const string ResponseHeaders = "grpc-status, grpc-message, grpc-status-details-bin, retry-after, etag";

    // As long as browsers remember an answer at most.
    private const string MaxAgeSeconds = "7200";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin])
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        headers.Append("vary", "origin");
        if (HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.AccessControlRequestMethod.Count > 0)
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowMethods = Methods;
            headers.AccessControlAllowHeaders = RequestHeaders;
            headers.AccessControlMaxAge = MaxAgeSeconds;
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        if (MayRead(context.FindCaller(), origin))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = ResponseHeaders;
        }

        return next(context);
    }

    // Who is not let in reads the sentence that says why, and nothing else. A secret key or an employee's token works from configured pages only.
    private bool MayRead(Caller? caller, string origin) =>
        caller is null || caller.IsPublic || caller.KeyId == Caller.LocalId || options.Value.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
