using System.Globalization;
using Decisioning.Gateway.Access;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Decisioning.Gateway;

/// <summary>
/// A message that cannot be read is its sender's mistake. The server tells of it as a failure of its own, before our code is reached, so
/// that whoever sends nonsense would look like a fault in the engine; here it becomes INVALID_ARGUMENT.
/// </summary>
internal sealed class UnreadableMessages(ILogger<UnreadableMessages> logger) : IMiddleware
{
    /// <summary>What the sender is told.</summary>
    public const string Refusal = "the message cannot be read: it is cut off, framed or compressed wrongly, or not of the type that the method takes; send it as the proto files say";

    /// <summary>The same for programs.</summary>
    public const string Reason = "MESSAGE_UNREADABLE";

    private const string Status = "grpc-status";
    private const string Message = "grpc-message";
    private const string Details = "grpc-status-details-bin";

    private static readonly string DetailsText = Convert.ToBase64String(new Google.Rpc.Status
    {
        Code = (int)StatusCode.InvalidArgument,
        Message = Refusal,
        Details = { Any.Pack(new ErrorInfo { Type = Reason, Domain = AccessDenial.Domain }) },
    }.ToByteArray());

    /// <summary>The server has read the message: what fails from now on is ours.</summary>
    public static void MarkRead(ServerCallContext context) => context.GetHttpContext().Features.Set(MessageRead.Instance);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method && Failed(context) is { } at)
        {
            // The messages of a stream are read in our code.
            if (method.Method.Type is MethodType.Unary or MethodType.ServerStreaming && context.Features.Get<MessageRead>() is null)
            {
                if (HasLeft(context))
                {
                    at[Status] = ((int)StatusCode.Cancelled).ToString(CultureInfo.InvariantCulture);
                    return;
                }

                at[Status] = ((int)StatusCode.InvalidArgument).ToString(CultureInfo.InvariantCulture);
                at[Message] = Uri.EscapeDataString(Refusal);
                at[Details] = DetailsText;
            }
            else if (at[Status] == "2")
            {
                Log.AnswerFailed(logger, method.Method.FullName);
            }
        }
    }

    // Where the status stands when it is INTERNAL or UNKNOWN: in the headers of an answer without messages, else behind them.
    private static IHeaderDictionary? Failed(HttpContext context)
    {
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        return trailers is { IsReadOnly: false } && trailers.TryGetValue(Status, out var status) ? IsFailure(status.ToString()) ? trailers : null
            : !context.Response.HasStarted && IsFailure(context.Response.Headers[Status].ToString()) ? context.Response.Headers
            : null;
    }

    // Nobody hears the answer, but it is counted. That a connection is gone is said to the request only a while after it could not be read.
    private static bool HasLeft(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        try
        {
            if (context.Request.BodyReader.TryRead(out var rest))
            {
                context.Request.BodyReader.AdvanceTo(rest.Buffer.Start, rest.Buffer.End);
            }

            return false;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // Of a body that was read to its end, or broken off by a parser, no more can be read either; that is no sign of its sender's leaving.
            return e is IOException;
        }
    }

    private static bool IsFailure(string status) => status is "2" or "13";

    private sealed class MessageRead
    {
        public static readonly MessageRead Instance = new();
    }
}
