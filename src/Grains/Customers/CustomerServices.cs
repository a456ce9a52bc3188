using Decisioning.Contracts;
using Decisioning.Grains.Due;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Decisioning.Storage.Resting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Customers;

/// <summary>What every customer's grain of a silo uses: one object, so that a million activations hold one reference each.</summary>
public sealed class CustomerServices(
    ICustomerLog log,
    IDueTable dueTable,
    IDecisionLog decisions,
    IErasure erasure,
    IKeptRows kept,
    StrategyCatalog strategies,
    GrainReferences<ICustomerGrain> customers,
    ChangePublisher changes,
    SnapshotWriter snapshots,
    GrainMeter meter,
    TimeProvider clock,
    IOptions<GrainsOptions> options,
    IOptions<DueOptions> due,
    ILogger<CustomerGrain> logger)
{
    internal ICustomerLog Log { get; } = log;

    internal IDueTable DueTable { get; } = dueTable;

    internal DueOptions Due { get; } = due.Value;

    internal IDecisionLog Decisions { get; } = decisions;

    internal IErasure Erasure { get; } = erasure;

    internal IKeptRows Kept { get; } = kept;

    internal StrategyCatalog Strategies { get; } = strategies;

    internal GrainReferences<ICustomerGrain> Customers { get; } = customers;

    internal ChangePublisher Changes { get; } = changes;

    internal SnapshotWriter Snapshots { get; } = snapshots;

    internal GrainMeter Meter { get; } = meter;

    internal TimeProvider Clock { get; } = clock;

    internal OpenStates OpenStates { get; } = Watched(new(options.Value.OpenCustomersMax, RestForm.Write, logger), meter);

    internal EventRate Rate { get; } = new(options.Value.CustomerEventsPerSecond, options.Value.CustomerEventsBurst, clock);

    internal GrainsOptions Options { get; } = options.Value;

    internal ILogger Logger { get; } = logger;

    /// <summary>How often a failure of the log is said for all customers of the silo together; the meter counts each.</summary>
    internal Paced Complaints { get; } = new(clock, TimeSpan.FromSeconds(1));

    private static OpenStates Watched(OpenStates open, GrainMeter meter)
    {
        meter.WatchOpen(() => open.Count);
        return open;
    }
}
