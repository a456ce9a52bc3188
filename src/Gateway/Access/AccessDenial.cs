using Decisioning.Gateway.Http;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Access;

/// <summary>Answers who is not let in: a gRPC status with a sentence and an ErrorInfo, or HTTP's status with problem+json.</summary>
internal sealed class AccessDenial : IAuthorizationMiddlewareResultHandler
{
    /// <summary>The domain of our reasons in ErrorInfo.</summary>
    public const string Domain = "decisioning";

    private const string Grpc = "application/grpc";

    /// <summary>The call brought none.</summary>
    public static readonly Judgement NoCredential = new(
        null, "CREDENTIAL_MISSING", "no credential came with the call; send `authorization: Bearer KEY` with a key of `decide keys create`");

    private static readonly Judgement NotThere = new(null, "NOT_FOUND", "there is no such method");

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        if (authorizeResult.Challenged)
        {
            var refused = context.Features.Get<RefusedCredential>();
            var judgement = refused?.Judgement ?? NoCredential;
            return judgement.Reason switch
            {
                Judgement.UnavailableReason => WriteAsync(context, StatusCode.Unavailable, StatusCodes.Status503ServiceUnavailable, judgement),
                Judgement.TooOftenReason => WriteAsync(context, StatusCode.ResourceExhausted, StatusCodes.Status429TooManyRequests, judgement),
                _ => WriteAsync(context, StatusCode.Unauthenticated, StatusCodes.Status401Unauthorized, judgement),
            };
        }

        // Where no scope was even asked, nothing is served: an endpoint without one is as one that is not there.
        return authorizeResult.AuthorizationFailure?.FailureReasons.FirstOrDefault() is { } reason
            ? WriteAsync(context, StatusCode.PermissionDenied, StatusCodes.Status403Forbidden, new(null, "SCOPE_MISSING", reason.Message))
            : WriteAsync(context, StatusCode.Unimplemented, StatusCodes.Status404NotFound, NotThere);
    }

    /// <summary>Ends a request with a refusal in the protocol of the request.</summary>
    public static Task WriteAsync(HttpContext context, StatusCode grpc, int http, Judgement refusal) =>
        context.Request.ContentType?.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase) == true
            ? WriteGrpc(context, grpc, refusal)
            : WriteHttpAsync(context, http, refusal);

    private static Task WriteGrpc(HttpContext context, StatusCode code, Judgement refusal)
    {
        var details = new Google.Rpc.Status
        {
            Code = (int)code,
            Message = refusal.Refusal,
            Details = { Any.Pack(new ErrorInfo { Type = refusal.Reason, Domain = Domain }) },
        };
        if (refusal.RetryAfter is { } delay)
        {
            details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        var headers = context.Response.Headers;
        context.Response.ContentType = Grpc;
        headers["grpc-status"] = ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers["grpc-message"] = Uri.EscapeDataString(refusal.Refusal);
        headers["grpc-status-details-bin"] = Convert.ToBase64String(details.ToByteArray());
        return Task.CompletedTask;
    }

    private static Task WriteHttpAsync(HttpContext context, int status, Judgement refusal)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"decisioning\"";
        }

        return new Problem(status, refusal.Reason, refusal.Refusal, RetryAfter: refusal.RetryAfter).WriteAsync(context);
    }
}
