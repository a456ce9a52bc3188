using Decisioning.Gateway.Access;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Telemetry;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Http;

/// <summary>Turns what went wrong into an answer of HTTP, in one place: what gRPC says as a status is the same here.</summary>
internal sealed class HttpOutcomes(OutcomeInterceptor outcomes)
{
    /// <summary>A handler that never throws at the server.</summary>
    public RequestDelegate Guard(RequestDelegate handler) => async context =>
    {
        try
        {
            await handler(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            // Nobody listens any more, or has got half of an answer: an answer cut off is the only one left.
            context.Abort();
        }
        catch (Exception e)
        {
            await ToProblem(e, context.Request.Path).WriteAsync(context);
        }
    };

    /// <summary>The problem an exception becomes.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="path">What was called, for the log.</param>
    public Problem ToProblem(Exception exception, string path)
    {
        switch (exception)
        {
            case HttpRefusedException refused:
                return new Problem(refused.Status, refused.Reason, refused.Message, refused.Errors);
            case InvalidRequestException invalid:
                return new Problem(StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", "the request cannot be accepted; see `errors`", invalid.Violations);
            case AccessRefusedException refused:
                return new Problem(StatusCodes.Status403Forbidden, refused.Reason, refused.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new Problem(StatusCodes.Status413PayloadTooLarge, "TOO_LARGE", "the body is larger than the engine takes; send it in several requests");
            case BadHttpRequestException bad:
                return new Problem(bad.StatusCode, "BAD_REQUEST", "the request could not be read to its end; send it again, whole and at once");
            case IOException:
                // The caller left while its body was read, perhaps before the request counts as aborted: nothing is wrong here.
                return new Problem(StatusCodes.Status400BadRequest, "BAD_REQUEST", "the request ended before its body did; send it again");
        }

        var rpc = outcomes.ToRpc(exception, path);
        return new Problem(Status(rpc.StatusCode), RpcStatus.Name(rpc.StatusCode), rpc.Status.Detail, RetryAfter: RetryAfter(rpc));
    }

    private static int Status(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.FailedPrecondition or StatusCode.Aborted or StatusCode.AlreadyExists => StatusCodes.Status409Conflict,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static TimeSpan? RetryAfter(RpcException rpc)
    {
        var details = rpc.Trailers.GetValueBytes("grpc-status-details-bin");
        var retry = details is null ? null : Google.Rpc.Status.Parser.ParseFrom(details).Details.FirstOrDefault(detail => detail.Is(RetryInfo.Descriptor));
        return retry?.Unpack<RetryInfo>().RetryDelay.ToTimeSpan();
    }
}
