using Decisioning.Grains.Due;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Decisioning.Grains.Tests.Support;

/// <summary>The leases of several clusters in one place; the first two writes meet, as when two sweepers have read that nobody has the part.</summary>
internal sealed class SharedLeases : IGrainStorage
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _losers = [];
    private readonly List<string> _writers = [];
    private DueLease _lease = new();
    private int _version;
    private int _writes;

    /// <summary>Those who lost a write to another, in their order.</summary>
    public IReadOnlyList<string> Losers
    {
        get
        {
            lock (_lock)
            {
                return [.. _losers];
            }
        }
    }

    /// <summary>Those who took the lease or renewed it.</summary>
    public IReadOnlyList<string> Writers
    {
        get
        {
            lock (_lock)
            {
                return [.. _writers];
            }
        }
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = ((T)(object)_lease, $"{_version}", true);
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (Interlocked.Increment(ref _writes) == 2)
        {
            _met.SetResult();
        }

        await _met.Task;
        var lease = (DueLease)(object)grainState.State!;
        lock (_lock)
        {
            if (grainState.ETag != $"{_version}")
            {
                _losers.Add(lease.Holder);
                throw new InconsistentStateException($"version {_version} is there, not {grainState.ETag}");
            }

            _lease = lease;
            _writers.Add(lease.Holder);
            grainState.ETag = $"{++_version}";
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new InvalidOperationException("no lease is cleared");
}
