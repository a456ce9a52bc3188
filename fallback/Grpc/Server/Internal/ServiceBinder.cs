using System.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

internal sealed record BoundMethod(IMethod Method, RequestDelegate Handler, IReadOnlyList<object> Metadata);

/// <summary>Finds the methods of a service once, at start, and makes a handler of each; a call needs no reflection.</summary>
internal sealed class ServiceBinder<TService>(MethodOptions options, ILogger logger) : ServiceBinderBase
    where TService : class
{
    private readonly ServiceActivator<TService> _activator = new();
    private readonly List<BoundMethod> _methods = [];

    internal IReadOnlyList<BoundMethod> Methods => _methods;

    internal void Bind()
    {
        for (var type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is not { } attribute)
            {
                continue;
            }

            var bind = attribute.BindType.GetMethod(
                attribute.BindMethodName,
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static,
                [typeof(ServiceBinderBase), type]);
            if (bind is null)
            {
                break;
            }

            bind.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [this, null], null);
            return;
        }

        throw new InvalidOperationException($"Cannot locate {typeof(TService).Name} service BindService method; it must inherit from a generated service base class.");
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var (call, metadata) = Find<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(
            method, typeof(TRequest), typeof(ServerCallContext));
        UnaryServerMethod<TRequest, TResponse> serve = (request, context) =>
        {
            var service = _activator.Get(context.GetHttpContext().RequestServices, out var owned);
            return owned && Ending.IsNeeded(service) ? End(service, request, context) : call(service, request, context);
        };
        foreach (var registration in options.Interceptors.Reverse())
        {
            var next = serve;
            serve = (request, context) =>
            {
                var interceptor = registration.Activate(context.GetHttpContext().RequestServices, out var owned);
                return owned && Ending.IsNeeded(interceptor)
                    ? EndInterceptor(interceptor, request, context, next)
                    : interceptor.UnaryServerHandler(request, context, next);
            };
        }

        Add(method, new UnaryHandler<TRequest, TResponse>(method, serve, options, logger), metadata);

        async Task<TResponse> End(TService service, TRequest request, ServerCallContext context)
        {
            await using var ending = new Ending(service);
            return await call(service, request, context);
        }

        static async Task<TResponse> EndInterceptor(Interceptor interceptor, TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> next)
        {
            await using var ending = new Ending(interceptor);
            return await interceptor.UnaryServerHandler(request, context, next);
        }
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (call, metadata) = Find<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        ClientStreamingServerMethod<TRequest, TResponse> serve = (requests, context) =>
        {
            var service = _activator.Get(context.GetHttpContext().RequestServices, out var owned);
            return owned && Ending.IsNeeded(service) ? End(service, requests, context) : call(service, requests, context);
        };
        foreach (var registration in options.Interceptors.Reverse())
        {
            var next = serve;
            serve = (requests, context) =>
            {
                var interceptor = registration.Activate(context.GetHttpContext().RequestServices, out var owned);
                return owned && Ending.IsNeeded(interceptor)
                    ? EndInterceptor(interceptor, requests, context, next)
                    : interceptor.ClientStreamingServerHandler(requests, context, next);
            };
        }

        Add(method, new ClientStreamingHandler<TRequest, TResponse>(method, serve, options, logger), metadata);

        async Task<TResponse> End(TService service, IAsyncStreamReader<TRequest> requests, ServerCallContext context)
        {
            await using var ending = new Ending(service);
            return await call(service, requests, context);
        }

        static async Task<TResponse> EndInterceptor(Interceptor interceptor, IAsyncStreamReader<TRequest> requests, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> next)
        {
            await using var ending = new Ending(interceptor);
            return await interceptor.ClientStreamingServerHandler(requests, context, next);
        }
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (call, metadata) = Find<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        ServerStreamingServerMethod<TRequest, TResponse> serve = (request, responses, context) =>
        {
            var service = _activator.Get(context.GetHttpContext().RequestServices, out var owned);
            return owned && Ending.IsNeeded(service) ? End(service, request, responses, context) : call(service, request, responses, context);
        };
        foreach (var registration in options.Interceptors.Reverse())
        {
            var next = serve;
            serve = (request, responses, context) =>
            {
                var interceptor = registration.Activate(context.GetHttpContext().RequestServices, out var owned);
                return owned && Ending.IsNeeded(interceptor)
                    ? EndInterceptor(interceptor, request, responses, context, next)
                    : interceptor.ServerStreamingServerHandler(request, responses, context, next);
            };
        }

        Add(method, new ServerStreamingHandler<TRequest, TResponse>(method, serve, options, logger), metadata);

        async Task End(TService service, TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context)
        {
            await using var ending = new Ending(service);
            await call(service, request, responses, context);
        }

        static async Task EndInterceptor(Interceptor interceptor, TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> next)
        {
            await using var ending = new Ending(interceptor);
            await interceptor.ServerStreamingServerHandler(request, responses, context, next);
        }
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (call, metadata) = Find<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        DuplexStreamingServerMethod<TRequest, TResponse> serve = (requests, responses, context) =>
        {
            var service = _activator.Get(context.GetHttpContext().RequestServices, out var owned);
            return owned && Ending.IsNeeded(service) ? End(service, requests, responses, context) : call(service, requests, responses, context);
        };
        foreach (var registration in options.Interceptors.Reverse())
        {
            var next = serve;
            serve = (requests, responses, context) =>
            {
                var interceptor = registration.Activate(context.GetHttpContext().RequestServices, out var owned);
                return owned && Ending.IsNeeded(interceptor)
                    ? EndInterceptor(interceptor, requests, responses, context, next)
                    : interceptor.DuplexStreamingServerHandler(requests, responses, context, next);
            };
        }

        Add(method, new DuplexStreamingHandler<TRequest, TResponse>(method, serve, options, logger), metadata);

        async Task End(TService service, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context)
        {
            await using var ending = new Ending(service);
            await call(service, requests, responses, context);
        }

        static async Task EndInterceptor(Interceptor interceptor, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> next)
        {
            await using var ending = new Ending(interceptor);
            await interceptor.DuplexStreamingServerHandler(requests, responses, context, next);
        }
    }

    private static (TCall Call, IReadOnlyList<object> Metadata) Find<TCall>(IMethod method, params Type[] parameters)
        where TCall : Delegate
    {
        var found = typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException($"Could not find '{method.Name}' on {typeof(TService)}.");
        object[] metadata = [.. typeof(TService).GetCustomAttributes(inherit: true), .. found.GetCustomAttributes(inherit: true)];
        return (found.CreateDelegate<TCall>(), metadata);
    }

    private void Add(IMethod method, CallHandler handler, IReadOnlyList<object> metadata) =>
        _methods.Add(new BoundMethod(method, handler.HandleAsync, metadata));
}
