using Grpc.Core;
using Grpc.Core.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Maps services to endpoints and remembers which are mapped (one instance per application).</summary>
internal sealed class ServiceRegistry(IServiceProvider services, IOptions<GrpcServiceOptions> options, ILoggerFactory loggers)
{
    private readonly HashSet<string> _serviceNames = new(StringComparer.Ordinal);
    private readonly ILogger _logger = loggers.CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler");

    internal IReadOnlyList<IEndpointConventionBuilder> Map<TService>(IEndpointRouteBuilder builder)
        where TService : class
    {
        var own = (IOptions<GrpcServiceOptions<TService>>)services.GetService(typeof(IOptions<GrpcServiceOptions<TService>>))!;
        var binder = new ServiceBinder<TService>(new MethodOptions(options.Value, own.Value), _logger);
        binder.Bind();

        List<IEndpointConventionBuilder> endpoints = [];
        if (options.Value.IgnoreUnknownServices is not true && _serviceNames.Count == 0)
        {
            endpoints.Add(MapUnimplemented(builder, "{service}", "Service is unimplemented."));
        }

        foreach (var method in binder.Methods)
        {
            var endpoint = builder.Map(method.Method.FullName, method.Handler);
            endpoint.Add(target =>
            {
                target.DisplayName = $"gRPC - {method.Method.FullName}";
                target.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method.Method));
                foreach (var item in method.Metadata)
                {
                    target.Metadata.Add(item);
                }

                target.Metadata.Add(new HttpMethodMetadata(["POST"], acceptCorsPreflight: true));
            });
            endpoints.Add(endpoint);
        }

        foreach (var name in binder.Methods.Select(method => method.Method.ServiceName).Distinct(StringComparer.Ordinal))
        {
            if (_serviceNames.Add(name))
            {
                endpoints.Add(MapUnimplemented(builder, name, "Method is unimplemented."));
            }
        }

        return endpoints;
    }

    private static IEndpointConventionBuilder MapUnimplemented(IEndpointRouteBuilder builder, string service, string detail)
    {
        var endpoint = builder.Map($"{service}/{{method:{GrpcRequestConstraint.Name}}}", context => Refuse(context, detail));
        endpoint.Add(target => target.DisplayName = $"gRPC - {detail} {service}");
        return endpoint;
    }

    private static Task Refuse(HttpContext context, string detail)
    {
        if (Protocol.Refuses(context))
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = WireNames.ContentType;
        Protocol.SetStatus(Protocol.TrailersOf(context.Response), new Status(StatusCode.Unimplemented, detail));
        return Task.CompletedTask;
    }
}

/// <summary>Lets the catch-all routes take only what is a gRPC or gRPC-Web request.</summary>
internal sealed class GrpcRequestConstraint : IRouteConstraint
{
    internal const string Name = "grpcrequest";

    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
    {
        if (httpContext is null)
        {
            return false;
        }

        var request = httpContext.Request;
        return Protocol.IsCorsPreflight(request)
            || (HttpMethods.IsPost(request.Method)
                && (WireNames.IsContentType(WireNames.ContentType, request.ContentType)
                    || WireNames.IsContentType("application/grpc-web", request.ContentType)
                    || WireNames.IsContentType("application/grpc-web-text", request.ContentType)));
    }
}
