using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Where a call's service instance comes from: the service provider, or a fresh one that ends with the call.</summary>
internal sealed class ServiceActivator<TService>
    where TService : class
{
    private readonly Lazy<ObjectFactory<TService>> _factory = new(() => ActivatorUtilities.CreateFactory<TService>([]));

    internal TService Get(IServiceProvider services, out bool owned)
    {
        owned = false;
        if (services.GetService<TService>() is { } registered)
        {
            return registered;
        }

        owned = true;
        return _factory.Value(services, []);
    }
}

/// <summary>Disposes an instance that was made for one call.</summary>
internal readonly struct Ending(object instance) : IAsyncDisposable
{
    internal static bool IsNeeded(object instance) => instance is IDisposable or IAsyncDisposable;

    public ValueTask DisposeAsync()
    {
        if (instance is IAsyncDisposable asynchronous)
        {
            return asynchronous.DisposeAsync();
        }

        ((IDisposable)instance).Dispose();
        return ValueTask.CompletedTask;
    }
}
