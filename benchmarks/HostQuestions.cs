using System.Globalization;
using System.Runtime;
using System.Text.Json;
using Decisioning.Benchmarks.Memory;

namespace Decisioning.Benchmarks;

/// <summary>What may be asked of a <see cref="TrackHost"/> in a line, and is answered in a line.</summary>
internal sealed class HostQuestions(IServiceProvider services) : IDisposable
{
    /// <summary>The bytes allocated so far.</summary>
    public const string Allocated = "allocated";

    /// <summary>Its memory, as <see cref="HostMemory"/>.</summary>
    public const string Memory = "memory";

    /// <summary>Its memory after everything that nobody holds was collected, as <see cref="HostMemory"/>.</summary>
    public const string Collected = "collected";

    /// <summary>The runtime's pauses since this was asked last, in milliseconds.</summary>
    public const string Pauses = "pauses";

    /// <summary>What its customers weigh, as a <see cref="CustomerWeights"/>.</summary>
    public const string Customers = "customers";

    /// <summary>How long the longest commit took since this was asked last, in milliseconds.</summary>
    public const string LongestCommit = "longest commit";

    private readonly GcPauses _pauses = new();
    private readonly CommitTimes _commits = new();

    /// <summary>The answer.</summary>
    public string Answer(string question) => question switch
    {
        Memory => JsonSerializer.Serialize(HostMemory.Now()),
        Collected => JsonSerializer.Serialize(HostMemory.Collected()),
        Pauses => JsonSerializer.Serialize(_pauses.Take()),
        LongestCommit => _commits.TakeLongest().ToString(CultureInfo.InvariantCulture),
        Customers => JsonSerializer.Serialize(CustomerWeights.Of(services)),
        _ => GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _pauses.Dispose();
        _commits.Dispose();
    }
}

/// <summary>The memory of a process, in bytes.</summary>
/// <param name="Heap">Of objects that are in use, or were when the collector looked last.</param>
/// <param name="Committed">What the collector holds.</param>
/// <param name="WorkingSet">All of it, as the operating system counts.</param>
internal sealed record HostMemory(long Heap, long Committed, long WorkingSet)
{
    public static HostMemory Now() => new(GC.GetTotalMemory(forceFullCollection: false), GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, Environment.WorkingSet);

    public static HostMemory Collected()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return new(GC.GetTotalMemory(forceFullCollection: true), GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, Environment.WorkingSet);
    }
}
