using Decisioning.Contracts;
using Decisioning.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Due;

/// <summary>What the sweeps of a silo share: the table, and how many customers they may wake at once.</summary>
public sealed class DueServices(
    IDueTable table,
    GrainReferences<ICustomerGrain> customers,
    LeaseStorage leases,
    GrainMeter meter,
    TimeProvider clock,
    IOptions<DueOptions> options,
    ILogger<DueSweep> logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    internal IDueTable Table { get; } = table;

    internal GrainReferences<ICustomerGrain> Customers { get; } = customers;

    /// <summary>Whether a lease is to be given back when the silo stops.</summary>
    internal bool LeasesOutliveSilo { get; } = leases.OutlivesSilo;

    internal GrainMeter Meter { get; } = meter;

    internal TimeProvider Clock { get; } = clock;

    internal DueOptions Options { get; } = options.Value;

    internal ILogger Logger { get; } = logger;

    internal SemaphoreSlim Places { get; } = new(options.Value.WakesAtOnce);

    /// <summary>How often a failed wake is said for all sweeps of the silo together; the meter counts each.</summary>
    internal Paced Complaints { get; } = new(clock, TimeSpan.FromSeconds(10));

    /// <summary>Cancelled when the host begins to stop: no sweep begins, those under way end.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Ends all sweeping in this silo.</summary>
    internal void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        Places.Dispose();
    }
}
