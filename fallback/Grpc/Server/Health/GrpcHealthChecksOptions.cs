using System.Collections;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Which health checks answer for which service.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>Default: all checks answer for the empty name, the server as a whole.</summary>
    public ServiceMappingCollection Services { get; } = [];

    /// <summary>Answers <c>Check</c> with the last published results instead of running the checks. Default: false.</summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>Leaves <c>Watch</c> calls open when the application stops. Default: false, they get NOT_SERVING and end.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}

public sealed class ServiceMapping
{
    public ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(predicate);
        Name = name;
        HealthCheckPredicate = predicate;
    }

    public string Name { get; }

    public Func<HealthCheckMapContext, bool>? HealthCheckPredicate { get; }
}

/// <summary>One health check, for deciding whether it answers for a service.</summary>
public sealed class HealthCheckMapContext(string name, IEnumerable<string> tags)
{
    public string Name { get; } = name;

    public IEnumerable<string> Tags { get; } = tags;
}

/// <summary>One mapping per service name; a later one replaces an earlier one.</summary>
public sealed class ServiceMappingCollection : IEnumerable<ServiceMapping>
{
    private readonly Dictionary<string, ServiceMapping> _mappings = new(StringComparer.Ordinal);

    public int Count => _mappings.Count;

    public void Add(ServiceMapping service)
    {
        ArgumentNullException.ThrowIfNull(service);
        _mappings[service.Name] = service;
    }

    public void Map(string name, Func<HealthCheckMapContext, bool> predicate) => Add(new ServiceMapping(name, predicate));

    public void Remove(string name) => _mappings.Remove(name);

    public void Clear() => _mappings.Clear();

    public IEnumerator<ServiceMapping> GetEnumerator() => _mappings.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ServiceMapping? Find(string name) => _mappings.GetValueOrDefault(name);
}
