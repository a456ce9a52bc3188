using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Starts the four kinds of calls on a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        AsyncUnaryCall(method, host, options, request).ResponseAsync.GetAwaiter().GetResult();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        return new AsyncUnaryCall<TResponse>(
            call.RunSingleAsync(new UnaryContent<TRequest>(request, method.RequestMarshaller, call)),
            Parts.Headers,
            Parts.Status,
            Parts.Trailers,
            Parts.Dispose,
            call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        var requests = new RequestStream<TRequest>(call, method.RequestMarshaller, options.WriteOptions);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests,
            call.RunSingleAsync(requests.Content),
            Parts.Headers,
            Parts.Status,
            Parts.Trailers,
            Parts.Dispose,
            call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartStream(new UnaryContent<TRequest>(request, method.RequestMarshaller, call));
        return new AsyncServerStreamingCall<TResponse>(
            new ResponseStream<TRequest, TResponse>(call),
            Parts.Headers,
            Parts.Status,
            Parts.Trailers,
            Parts.Dispose,
            call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        var requests = new RequestStream<TRequest>(call, method.RequestMarshaller, options.WriteOptions);
        call.StartStream(requests.Content);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            requests,
            new ResponseStream<TRequest, TResponse>(call),
            Parts.Headers,
            Parts.Status,
            Parts.Trailers,
            Parts.Dispose,
            call);
    }

    private static class Parts
    {
        internal static readonly Func<object, Task<Metadata>> Headers = call => ((ClientCall)call).GetHeadersAsync();
        internal static readonly Func<object, Status> Status = call => ((ClientCall)call).GetStatus();
        internal static readonly Func<object, Metadata> Trailers = call => ((ClientCall)call).GetTrailers();
        internal static readonly Action<object> Dispose = call => ((ClientCall)call).Dispose();
    }
}
