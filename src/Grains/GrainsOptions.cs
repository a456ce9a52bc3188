using System.ComponentModel.DataAnnotations;
using Decisioning.Engine;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains;

/// <summary>Settings of the grains and of what serves them in one silo.</summary>
public sealed class GrainsOptions
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Grains";

    /// <summary>Customers in memory whose states are ready to be asked; those of others are at rest, smaller, and opened when they are asked for. Default: 32,768 × 4 KB = 128 MB.</summary>
    [Range(1, 100_000_000)]
    public int OpenCustomersMax { get; set; } = 32_768;

    /// <summary>A customer's state is kept as a snapshot every so many events. Default: 100: a load folds fewer than that.</summary>
    [Range(1, 100_000)]
    public int SnapshotEvery { get; set; } = 100;

    /// <summary>A customer that leaves memory is kept as a snapshot when it has so many events more than the last one. Default: 10: fewer are folded faster than a state is read.</summary>
    [Range(1, 100_000)]
    public int SnapshotOnLeaveAfter { get; set; } = 10;

    /// <summary>Snapshots that may wait to be written; beyond it they are dropped and counted. Default: 1,024 × 4 KB = 4 MB.</summary>
    [Range(1, 1_000_000)]
    public int SnapshotQueueMax { get; set; } = 1024;

    /// <summary>Events of one customer that are taken per second in the long run; 0 for no limit. Default: 2,000: far more than anybody does, and what a caller gone wild may fill the log with.</summary>
    [Range(0, 1_000_000)]
    public int CustomerEventsPerSecond { get; set; } = 2000;

    /// <summary>Events of one customer that are taken at once, at least a batch. Default: 100,000: a history of years that is brought in.</summary>
    [Range(Limits.EventsPerBatchMax, 100_000_000)]
    public int CustomerEventsBurst { get; set; } = 100_000;

    /// <summary>
    /// Events of one customer that one commit holds at most, a batch of one caller always together: what waits for a commit shares the next one. Default: 500, as many as a
    /// caller's batch: 0.5 MB, and a customer with a commit every 5 ms has 100,000 events a second.
    /// </summary>
    [Range(1, Limits.EventsPerBatchMax)]
    public int CustomerCommitEventsMax { get; set; } = Limits.EventsPerBatchMax;

    /// <summary>Events of one customer that may wait for a commit; beyond it callers are refused with a retry delay. Default: 10,000 × 1 KB = 10 MB, twenty commits.</summary>
    [Range(Limits.EventsPerBatchMax, 1_000_000)]
    public int CustomerEventsWaitingMax { get; set; } = 10_000;

    /// <summary>How long a question waits for a commit under way that brings the sequence it asks for. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan SequenceWaitMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Changes that may wait to be published, to watchers and to be counted each; beyond it they are dropped and counted. Default: 65,536 × 200 bytes = 13 MB.</summary>
    [Range(1, 10_000_000)]
    public int ChangeQueueMax { get; set; } = 65_536;

    /// <summary>How often changes that nobody watches are published, to be counted. Default: 50 ms: at 100,000 decisions a second 5,000 wait.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan ChangeFlushEvery { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest time a customer is watched without the watch being renewed. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WatchLeaseMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a silo looks for a strategy that another silo published. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan StrategyPollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Strategies not in force that a silo holds compiled, to read what they made. Default: 16 × 2 MB = 32 MB.</summary>
    [Range(1, 1024)]
    public int StrategyVersionsMax { get; set; } = 16;

    /// <summary>Customers that one page of an export asks at once. Default: 64.</summary>
    [Range(1, 1024)]
    public int DirectoryCallsMax { get; set; } = 64;

    /// <summary>Customers whose history one call goes through. Default: 256.</summary>
    [Range(1, 10_000)]
    public int HistoryPageCustomers { get; set; } = 256;

    /// <summary>Decisions after which a call that makes them again ends, a customer's always together. Default: 2,000 × 0.2 ms = 0.4 s.</summary>
    [Range(1, 1_000_000)]
    public int HistoryPageDecisions { get; set; } = 2000;

    /// <summary>Decisions of one customer that are made again, the newest. Default: 10,000 × 3 KB = 30 MB.</summary>
    [Range(1, 1_000_000)]
    public int ReplayDecisionsMax { get; set; } = 10_000;
}

/// <summary>Checks <see cref="GrainsOptions"/> when the host starts.</summary>
[OptionsValidator]
public sealed partial class GrainsOptionsValidator : IValidateOptions<GrainsOptions>;
