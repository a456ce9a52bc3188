using Orleans;
using Orleans.Concurrency;

namespace Decisioning.Contracts;

/// <summary>One part of the due table, by its number: wakes the customers in it who are due, in intervals.</summary>
[Alias("decisioning.due-shard")]
public interface IDueShardGrain : IGrainWithIntegerKey
{
    /// <summary>Has the part swept from now on, by one activation at a time. Called again and again: a silo that dies takes its sweeps along.</summary>
    [Alias("keep"), AlwaysInterleave]
    Task KeepAsync();
}
