using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>Where each grain is: the one activation of its key, or its set of workers.</summary>
internal sealed class Directory(Cluster cluster)
{
    private readonly ConcurrentDictionary<GrainId, ITurnTarget> _targets = new();

    /// <summary>The activations there are, workers included.</summary>
    public IEnumerable<Activation> Activations
    {
        get
        {
            // The dictionary itself, not its Values: those lock and copy all of it.
            foreach (var (_, target) in _targets)
            {
                if (target is Activation activation)
                {
                    yield return activation;
                    continue;
                }

                foreach (var worker in ((WorkerPool)target).Workers)
                {
                    yield return worker;
                }
            }
        }
    }

    /// <exception cref="SiloUnavailableException">No silo is running.</exception>
    public ITurnTarget Target(GrainId grainId, GrainClass grainClass, SiloRuntime? caller)
    {
        if (_targets.TryGetValue(grainId, out var target))
        {
            if (target is not WorkerPool { HasEnded: true })
            {
                return target;
            }

            _targets.TryRemove(new(grainId, target));
        }

        var silo = cluster.Place(caller);
        return _targets.GetOrAdd(grainId, grainClass.IsWorker ? new WorkerPool(grainId, grainClass, silo) : new Activation(grainId, grainClass, silo));
    }

    public Activation? Find(GrainId grainId) => _targets.GetValueOrDefault(grainId) as Activation;

    public void Remove(Activation activation)
    {
        switch (_targets.GetValueOrDefault(activation.GrainId))
        {
            case WorkerPool pool:
                pool.Remove(activation);
                break;
            case { } target when ReferenceEquals(target, activation):
                _targets.TryRemove(new(activation.GrainId, target));
                break;
            default:
                break;
        }
    }
}

/// <summary>The activations of a stateless worker. A call goes to one that has nothing to do, to a new one, or to the least busy.</summary>
internal sealed class WorkerPool(GrainId grainId, GrainClass grainClass, SiloRuntime silo) : ITurnTarget
{
    private readonly Lock _gate = new();
    private Activation[] _workers = [];

    public Activation[] Workers => _workers;

    /// <summary>Whether its silo has left; the next call makes a new pool on another.</summary>
    public bool HasEnded => !silo.IsActive;

    public bool TryReceive(GrainTurn turn, bool inline)
    {
        while (true)
        {
            Activation worker;
            lock (_gate)
            {
                if (HasEnded)
                {
                    return false;
                }

                worker = Choose();
            }

            if (worker.TryReceive(turn, inline))
            {
                return true;
            }

            Remove(worker);
        }
    }

    public void Remove(Activation worker)
    {
        lock (_gate)
        {
            _workers = [.. _workers.Where(each => each != worker)];
        }
    }

    private Activation Choose()
    {
        Activation? best = null;
        var least = int.MaxValue;
        foreach (var worker in _workers)
        {
            var load = worker.Load;
            if (load == 0)
            {
                return worker;
            }

            if (load < least)
            {
                (best, least) = (worker, load);
            }
        }

        if (best is null || _workers.Length < grainClass.MaxWorkers)
        {
            best = new(grainId, grainClass, silo);
            _workers = [.. _workers, best];
        }

        return best;
    }
}
