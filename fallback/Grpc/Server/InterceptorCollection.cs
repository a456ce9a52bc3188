using System.Collections.ObjectModel;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Interceptor types, from the outermost to the innermost.</summary>
public class InterceptorCollection : Collection<InterceptorRegistration>
{
    public void Add<TInterceptor>(params object[] args)
        where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    public void Add(Type interceptorType, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(interceptorType);
        if (!interceptorType.IsSubclassOf(typeof(Interceptor)))
        {
            throw new ArgumentException($"Type must inherit from {typeof(Interceptor).FullName}.", nameof(interceptorType));
        }

        Add(new InterceptorRegistration(interceptorType, args));
    }
}

/// <summary>One interceptor type. Each call takes it from the service provider, or makes an instance of its own.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;
    private readonly Lazy<ObjectFactory> _factory;

    internal InterceptorRegistration(Type type, object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Contains(null))
        {
            throw new ArgumentException(
                "Interceptor arguments contains a null value. Null interceptor arguments are not supported.", nameof(arguments));
        }

        Type = type;
        _arguments = arguments;
        _factory = new(() => ActivatorUtilities.CreateFactory(Type, [.. _arguments.Select(argument => argument.GetType())]));
    }

    public Type Type { get; }

    public IReadOnlyList<object> Arguments => _arguments;

    internal Interceptor Activate(IServiceProvider services, out bool owned)
    {
        owned = false;
        if (_arguments.Length == 0 && services.GetService(Type) is Interceptor shared)
        {
            return shared;
        }

        owned = true;
        return (Interceptor)_factory.Value(services, _arguments);
    }
}
