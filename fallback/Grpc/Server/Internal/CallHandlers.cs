using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Serves one method: what every kind of call has in common.</summary>
internal abstract class CallHandler(IMethod method, MethodOptions options, ILogger logger)
{
    internal Task HandleAsync(HttpContext context)
    {
        if (Protocol.Refuses(context))
        {
            return Task.CompletedTask;
        }

        var call = new ServerCall(context, options, logger);
        context.Features.Set<IServerCallContextFeature>(call);
        context.Response.ContentType = Core.Internal.WireNames.ContentType;
        return RunAsync(call);
    }

    protected abstract Task ServeAsync(ServerCall call);

    protected static RpcException NoMessage() => new(new Status(StatusCode.Cancelled, "No message returned from method."));

    /// <summary>A stream of requests may be as long and as slow as it likes; each message has its own limit.</summary>
    protected static void LiftBodyLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    protected static void LiftRequestTimeout(HttpContext context) =>
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();

    private async Task RunAsync(ServerCall call)
    {
        try
        {
            call.Begin();
            await ServeAsync(call);
        }
        catch (Exception exception)
        {
            await call.FailAsync(exception, method.FullName);
            return;
        }

        await call.EndAsync();
    }
}

internal sealed class UnaryHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> serve, MethodOptions options, ILogger logger)
    : CallHandler(method, options, logger)
    where TRequest : class
    where TResponse : class
{
    private readonly Func<DeserializationContext, TRequest> _parse = method.RequestMarshaller.ContextualDeserializer;
    private readonly Action<TResponse, SerializationContext> _serialize = method.ResponseMarshaller.ContextualSerializer;

    protected override async Task ServeAsync(ServerCall call)
    {
        var request = await RequestReading.ReadSingleAsync(call.HttpContext.Request.BodyReader, call, _parse);
        var response = await serve(request, call) ?? throw NoMessage();
        await ResponseWriting.TryWriteAsync(call, response, _serialize, call.HttpContext.Response.BodyWriter);
    }
}

internal sealed class ClientStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> serve, MethodOptions options, ILogger logger)
    : CallHandler(method, options, logger)
    where TRequest : class
    where TResponse : class
{
    private readonly Func<DeserializationContext, TRequest> _parse = method.RequestMarshaller.ContextualDeserializer;
    private readonly Action<TResponse, SerializationContext> _serialize = method.ResponseMarshaller.ContextualSerializer;

    protected override async Task ServeAsync(ServerCall call)
    {
        LiftBodyLimits(call.HttpContext);
        LiftRequestTimeout(call.HttpContext);
        var requests = new RequestStream<TRequest>(call, _parse);
        TResponse response;
        try
        {
            response = await serve(requests, call) ?? throw NoMessage();
        }
        finally
        {
            requests.Complete();
        }

        await ResponseWriting.TryWriteAsync(call, response, _serialize, call.HttpContext.Response.BodyWriter);
    }
}

internal sealed class ServerStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> serve, MethodOptions options, ILogger logger)
    : CallHandler(method, options, logger)
    where TRequest : class
    where TResponse : class
{
    private readonly Func<DeserializationContext, TRequest> _parse = method.RequestMarshaller.ContextualDeserializer;
    private readonly Action<TResponse, SerializationContext> _serialize = method.ResponseMarshaller.ContextualSerializer;

    protected override async Task ServeAsync(ServerCall call)
    {
        LiftRequestTimeout(call.HttpContext);
        var request = await RequestReading.ReadSingleAsync(call.HttpContext.Request.BodyReader, call, _parse);
        var responses = new ResponseStream<TResponse>(call, _serialize);
        try
        {
            await serve(request, responses, call);
        }
        finally
        {
            responses.Complete();
        }
    }
}

internal sealed class DuplexStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> serve, MethodOptions options, ILogger logger)
    : CallHandler(method, options, logger)
    where TRequest : class
    where TResponse : class
{
    private readonly Func<DeserializationContext, TRequest> _parse = method.RequestMarshaller.ContextualDeserializer;
    private readonly Action<TResponse, SerializationContext> _serialize = method.ResponseMarshaller.ContextualSerializer;

    protected override async Task ServeAsync(ServerCall call)
    {
        LiftBodyLimits(call.HttpContext);
        LiftRequestTimeout(call.HttpContext);
        var requests = new RequestStream<TRequest>(call, _parse);
        var responses = new ResponseStream<TResponse>(call, _serialize);
        try
        {
            await serve(requests, responses, call);
        }
        finally
        {
            requests.Complete();
            responses.Complete();
        }
    }
}
