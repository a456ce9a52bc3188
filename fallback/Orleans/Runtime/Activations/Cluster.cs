using System.Collections.Concurrent;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.Streams;

namespace Orleans.Runtime;

/// <summary>What the silos of one cluster share. In the fallback all of them live in one process.</summary>
internal sealed class Cluster
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, MemoryStates> _storages = new();
    private SiloRuntime[] _silos = [];
    private GrainClasses? _classes;
    private int _next;

    public Cluster() => Directory = new(this);

    public Directory Directory { get; }

    /// <summary>The streams of each provider.</summary>
    public ConcurrentDictionary<string, StreamHub> Streams { get; } = new();

    public SiloRuntime[] Silos => _silos;

    /// <summary>The records of the memory storage of this name.</summary>
    public MemoryStates Storage(string name) => _storages.GetOrAdd(name, static _ => new());

    public GrainClasses Classes(GrainCollectionOptions collection)
    {
        lock (_gate)
        {
            return _classes ??= new(collection);
        }
    }

    public void Join(SiloRuntime silo)
    {
        lock (_gate)
        {
            _silos = [.. _silos, silo];
        }
    }

    public void Leave(SiloRuntime silo)
    {
        lock (_gate)
        {
            _silos = [.. _silos.Where(each => each != silo)];
        }
    }

    /// <summary>The silo of a new activation: the caller's own, or each in turn for a client.</summary>
    public SiloRuntime Place(SiloRuntime? caller)
    {
        if (caller is { IsActive: true })
        {
            return caller;
        }

        var silos = _silos;
        return silos.Length == 0
            ? throw new SiloUnavailableException("no silo is running")
            : silos[(int)((uint)Interlocked.Increment(ref _next) % (uint)silos.Length)];
    }

    /// <summary>Sends a request on to the activation that comes after the one it waited for.</summary>
    public void Forward(GrainTurn turn, GrainId grainId, GrainClass grainClass)
    {
        try
        {
            while (!Directory.Target(grainId, grainClass, null).TryReceive(turn, inline: false))
            {
            }
        }
        catch (SiloUnavailableException exception)
        {
            turn.Reject(exception);
        }
    }
}
