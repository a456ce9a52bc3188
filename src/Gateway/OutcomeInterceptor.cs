using Decisioning.Contracts;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Throttling;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Status = Grpc.Core.Status;

namespace Decisioning.Gateway;

/// <summary>Turns what went wrong into a gRPC status, in one place; nothing of our insides reaches a caller.</summary>
internal sealed class OutcomeInterceptor(IOptions<GatewayOptions> options, ILogger<OutcomeInterceptor> logger) : Interceptor
{
    // Clients refuse trailers of more than 8 KB, and with them the answer. At worst there are 2 KB of details and 300 × 3 bytes of message
    // in base64, 4 KB, and the message percent-encoded, 300 × 9 bytes. The details hold what the message cuts off.
    private const int DetailBytesMax = 2 * 1024;
    private const int MessageCharsMax = 300;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        UnreadableMessages.MarkRead(context);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e)
        {
            throw ToRpc(e, context.Method);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        UnreadableMessages.MarkRead(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (InvalidOperationException) when (HasEnded(context))
        {
            throw Cancelled();
        }
        catch (Exception e)
        {
            throw ToRpc(e, context.Method);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(new MessageReader<TRequest>(requestStream), responseStream, context);
        }
        catch (IOException e) when (e is not InvalidProtocolBufferException)
        {
            // The caller left while we read its requests, perhaps before the call counts as cancelled: nothing is wrong here.
            throw Cancelled();
        }
        catch (InvalidOperationException) when (HasEnded(context))
        {
            throw Cancelled();
        }
        catch (Exception e)
        {
            throw ToRpc(e, context.Method);
        }
    }

    /// <summary>The status an exception becomes.</summary>
    public RpcException ToRpc(Exception exception, string method)
    {
        switch (exception)
        {
            case RpcException rpc:
                return rpc;
            case InvalidRequestException invalid:
                return Invalid(invalid);
            case AccessRefusedException refused:
                return WithDetails(StatusCode.PermissionDenied, refused.Message, new ErrorInfo { Type = refused.Reason, Domain = AccessDenial.Domain });
            case StoreUnavailableException store:
                return Retry(store.IsOverload ? StatusCode.ResourceExhausted : StatusCode.Unavailable, store.Message);
            case CallRefusedException limit:
                return Retry(StatusCode.ResourceExhausted, limit.Message, limit.RetryAfter);
            case TooManyEventsException events:
                return Retry(StatusCode.ResourceExhausted, events.Message, events.RetryAfter);
            case NoStrategyException none:
                return new RpcException(new Status(StatusCode.FailedPrecondition, none.Message));
            case TimeoutException:
                return Retry(StatusCode.DeadlineExceeded, "no answer in time; the outcome is unknown: repeat with the same ids");
            case OperationCanceledException:
                return Cancelled();
            case OrleansException:
                Log.ClusterFailed(logger, method, exception.Message);
                return Retry(StatusCode.Unavailable, "the customer cannot be reached now; the outcome is unknown: repeat with the same ids");
            default:
                Log.CallFailed(logger, method, exception);
                return new RpcException(new Status(StatusCode.Internal, "something is wrong on our side; it is in the log"));
        }
    }

    // Its caller left or its deadline passed between two messages: the server lets no more be read or written. A deadline, of the system's clock
    // whatever ours is, does so a moment before the call counts as cancelled.
    private static bool HasEnded(ServerCallContext context) =>
        context.CancellationToken.IsCancellationRequested || context.Deadline <= TimeProvider.System.GetUtcNow().UtcDateTime;

    private static RpcException Cancelled() =>
        new(new Status(StatusCode.Cancelled, "the call was cancelled; the outcome is unknown: repeat with the same ids"));

    private static RpcException Invalid(InvalidRequestException invalid)
    {
        var details = new BadRequest();
        foreach (var v in invalid.Violations)
        {
            details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = v.Field.Length > MessageCharsMax ? v.Field[..MessageCharsMax] : v.Field, Description = $"{v.Description}; {v.Cure}" });
            if (details.CalculateSize() > DetailBytesMax)
            {
                details.FieldViolations[^1] = new() { Field = "", Description = $"{invalid.Violations.Length - details.FieldViolations.Count + 1} more; mend these first" };
                break;
            }
        }

        return WithDetails(StatusCode.InvalidArgument, invalid.Message, details);
    }

    private RpcException Retry(StatusCode code, string message, TimeSpan? after = null) =>
        WithDetails(code, message, new RetryInfo { RetryDelay = Duration.FromTimeSpan(after ?? options.Value.RetryDelay) });

    private static RpcException WithDetails(StatusCode code, string message, IMessage detail)
    {
        var text = message.Length > MessageCharsMax ? string.Concat(message.AsSpan(0, MessageCharsMax), " …") : message;
        var status = new Google.Rpc.Status { Code = (int)code, Message = text, Details = { Any.Pack(detail) } };
        return new RpcException(new Status(code, text), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });
    }

    // Only here an exception of the server or of the parser is the sender's mistake: the same one from our own code is a bug.
    private sealed class MessageReader<T>(IAsyncStreamReader<T> messages) : IAsyncStreamReader<T>
    {
        public T Current => messages.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await messages.MoveNext(cancellationToken);
            }
            catch (Exception e) when (e is RpcException { StatusCode: StatusCode.Internal } or InvalidProtocolBufferException or InvalidDataException)
            {
                throw WithDetails(StatusCode.InvalidArgument, UnreadableMessages.Refusal, new ErrorInfo { Type = UnreadableMessages.Reason, Domain = AccessDenial.Domain });
            }
        }
    }
}
