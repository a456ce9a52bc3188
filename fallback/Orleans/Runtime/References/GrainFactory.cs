using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Makes references, for the grains and clients of a silo or for a client outside.</summary>
internal sealed class GrainFactory : IClusterClient
{
    private readonly ConcurrentDictionary<Type, ReferenceShared> _shared = new();
    private readonly ConcurrentDictionary<(GrainType, GrainInterfaceType), ReferenceShared> _named = new();
    private readonly GrainClasses _classes;
    private readonly MessagingOptions _messaging;

    public GrainFactory(Cluster cluster, SiloRuntime? silo, IServiceProvider services)
    {
        (Cluster, Silo, ServiceProvider) = (cluster, silo, services);
        _classes = cluster.Classes(services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value);
        _messaging = silo is null ? services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value : silo.Messaging;
        HasFilters = services.GetServices<IIncomingGrainCallFilter>().Any();
    }

    public Cluster Cluster { get; }

    public SiloRuntime? Silo { get; }

    public IServiceProvider ServiceProvider { get; }

    public bool HasFilters { get; }

    public TimeSpan ResponseTimeout => _messaging.ResponseTimeout;

    public bool CancelRequestOnTimeout => _messaging.CancelRequestOnTimeout;

    public T GetGrain<T>(Guid primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithGuidKey => Reference<T>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public T GetGrain<T>(long primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithIntegerKey => Reference<T>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public T GetGrain<T>(string primaryKey, string? grainClassNamePrefix = null)
        where T : IGrainWithStringKey => Reference<T>(Key(primaryKey), grainClassNamePrefix);

    public T GetGrain<T>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where T : IGrainWithGuidCompoundKey =>
        Reference<T>(GrainIdKeyExtensions.CreateGuidKey(primaryKey, Extension(keyExtension)), grainClassNamePrefix);

    public T GetGrain<T>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where T : IGrainWithIntegerCompoundKey =>
        Reference<T>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey, Extension(keyExtension)), grainClassNamePrefix);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => Reference(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) =>
        Reference(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => Reference(grainInterfaceType, Key(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        Reference(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey, Extension(keyExtension)));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        Reference(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey, Extension(keyExtension)));

    public T GetGrain<T>(GrainId grainId)
        where T : IAddressable => (T)Reference(typeof(T), grainId);

    /// <exception cref="InvalidOperationException">There is no such grain class, or it has no such interface.</exception>
    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType)
    {
        var shared = _named.GetOrAdd((grainId.Type, interfaceType), static (name, factory) => factory.Named(name.Item1, name.Item2), this);
        return shared.Shape.Create(shared, grainId.Key);
    }

    public object Reference(Type grainInterface, GrainId grainId)
    {
        var grainClass = _classes.Find(grainId.Type) ?? throw new ArgumentException($"Could not find an implementation for grain type {grainId.Type}");
        var shape = InterfaceShape.Of(grainInterface);
        return shape.Create(new(this, shape, grainClass), grainId.Key);
    }

    /// <summary>A reference that has no interface, only an identity; cast it to one.</summary>
    public GrainReference SelfReference(GrainId grainId, GrainClass grainClass) =>
        new(new(this, InterfaceShape.Of(typeof(IGrain)), grainClass), grainId.Key);

    private static IdSpan Key(string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return IdSpan.Create(key);
    }

    private static string Extension(string extension)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(extension);
        return extension;
    }

    private T Reference<T>(IdSpan key, string? prefix)
    {
        if (prefix is null)
        {
            if (!_shared.TryGetValue(typeof(T), out var shared))
            {
                shared = _shared.GetOrAdd(typeof(T), Shared(typeof(T), null));
            }

            return (T)(object)shared.Shape.Create(shared, key);
        }

        var named = Shared(typeof(T), prefix);
        return (T)(object)named.Shape.Create(named, key);
    }

    private IGrain Reference(Type grainInterface, IdSpan key)
    {
        var shared = _shared.GetOrAdd(grainInterface, static (type, factory) => factory.Shared(type, null), this);
        return (IGrain)shared.Shape.Create(shared, key);
    }

    private ReferenceShared Named(GrainType type, GrainInterfaceType interfaceType)
    {
        var grainClass = _classes.Find(type) ?? throw new InvalidOperationException($"Could not find an implementation for grain type {type}");
        var shape = grainClass.Type.GetInterfaces().Where(typeof(IAddressable).IsAssignableFrom).Except([typeof(IAddressable)]).Select(InterfaceShape.Of)
            .FirstOrDefault(each => each.InterfaceType == interfaceType);
        return new(this, shape ?? throw new InvalidOperationException($"Grain type {type} does not implement {interfaceType}"), grainClass);
    }

    private ReferenceShared Shared(Type grainInterface, string? prefix)
    {
        var shape = InterfaceShape.Of(grainInterface);
        return new(this, shape, _classes.Implementing(grainInterface, prefix));
    }
}
