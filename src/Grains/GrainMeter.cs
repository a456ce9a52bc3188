using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Decisioning.Engine.Customers;

namespace Decisioning.Grains;

/// <summary>What the grains measure; the meter is <see cref="Name"/>.</summary>
public sealed class GrainMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Decisioning";

    private static readonly KeyValuePair<string, object?>[] StatusTags =
        [.. Enum.GetValues<RecordStatus>().Prepend(default).Select(status => new KeyValuePair<string, object?>("status", status.ToString()))];

    private readonly Meter _meter;
    private readonly Histogram<double> _decide;
    private readonly Histogram<double> _record;
    private readonly Counter<long> _events;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _rateExceeded;
    private readonly Counter<long> _changesDropped;
    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _snapshotsDropped;
    private readonly Histogram<double> _dueLag;
    private readonly Counter<long> _wakes;
    private readonly Counter<long> _wakeEvents;
    private readonly Counter<long> _wakesInVain;
    private readonly Counter<long> _wakesFailed;
    private readonly Counter<long> _eventsReduced;
    private readonly Counter<long> _decisionsDeleted;
    private readonly Counter<long> _carriedOver;

    /// <summary>Makes the instruments.</summary>
    public GrainMeter(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(Name);
        _decide = meter.CreateHistogram<double>("decisioning.decide.duration", "ms", "Time the engine took to decide, without the network");
        _record = meter.CreateHistogram<double>("decisioning.record.duration", "ms", "Time from a batch of events reaching its customer to its being durable");
        _events = meter.CreateCounter<long>("decisioning.events", "{event}", "Events answered, by status");
        _failures = meter.CreateCounter<long>("decisioning.store.failures", "{call}", "Calls that the log failed, refused as too many, or had moved past");
        _rateExceeded = meter.CreateCounter<long>("decisioning.events.refused", "{event}", "Events not taken because too many of one customer came");
        _changesDropped = meter.CreateCounter<long>("decisioning.changes.dropped", "{change}", "Changes not published because too many waited or publishing failed");
        _snapshots = meter.CreateCounter<long>("decisioning.snapshots", "{snapshot}", "Snapshots kept");
        _snapshotsDropped = meter.CreateCounter<long>("decisioning.snapshots.dropped", "{snapshot}", "Snapshots not kept because too many waited or the store failed");
        _dueLag = meter.CreateHistogram<double>("decisioning.due.lag", "ms", "How far the earliest due customer was behind the clock when a sweep began");
        _wakes = meter.CreateCounter<long>("decisioning.due.wakes", "{wake}", "Customers woken because time alone may have changed something");
        _wakeEvents = meter.CreateCounter<long>("decisioning.due.events", "{event}", "Events that wakes recorded");
        _wakesInVain = meter.CreateCounter<long>("decisioning.due.vain", "{wake}", "Wakes that found nothing to record and moved the row");
        _wakesFailed = meter.CreateCounter<long>("decisioning.due.failures", "{wake}", "Wakes that failed; the customer is tried again later");
        _eventsReduced = meter.CreateCounter<long>("decisioning.retention.events", "{event}", "Events whose contents went because they were past their age");
        _carriedOver = meter.CreateCounter<long>(
            "decisioning.identity.events", "{event}", "Events of identities that turned out to be another's, by what became of them there; those rejected or in conflict stay behind");
        _decisionsDeleted = meter.CreateCounter<long>("decisioning.retention.decisions", "{decision}", "Decisions deleted because they were past their age");
    }

    /// <summary>Has the customers told whose states are open.</summary>
    public void WatchOpen(Func<int> open) =>
        _meter.CreateObservableGauge("decisioning.customers.open", open, "{customer}", "Customers in memory whose states are ready to be asked; those of the others are at rest");

    /// <summary>A sweep of the due table began.</summary>
    public void Swept(TimeSpan lag) => _dueLag.Record(Math.Max(0, lag.TotalMilliseconds));

    /// <summary>A customer was woken.</summary>
    public void Woken(int recorded)
    {
        _wakes.Add(1);
        if (recorded > 0)
        {
            _wakeEvents.Add(recorded);
        }
        else
        {
            _wakesInVain.Add(1);
        }
    }

    /// <summary>A customer could not be woken.</summary>
    public void WakeFailed() => _wakesFailed.Add(1);

    /// <summary>A decision was made.</summary>
    public void Decided(TimeSpan took) => _decide.Record(took.TotalMilliseconds);

    /// <summary>A batch was answered.</summary>
    public void Recorded(Recording recording, TimeSpan took)
    {
        _record.Record(took.TotalMilliseconds);
        if (_events.Enabled)
        {
            foreach (var outcome in recording.Outcomes)
            {
                _events.Add(1, StatusTags[(int)outcome.Status]);
            }
        }
    }

    /// <summary>The log failed, was full or had moved on.</summary>
    public void StoreFailed() => _failures.Add(1);

    /// <summary>Events of one customer were too many.</summary>
    public void RateExceeded(int events) => _rateExceeded.Add(events);

    /// <summary>Events of an identity that moved were recorded where it moved.</summary>
    public void CarriedOver(ImmutableArray<RecordOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _carriedOver.Add(1, StatusTags[(int)outcome.Status]);
        }
    }

    /// <summary>Changes were not published.</summary>
    public void ChangesDropped(int count) => _changesDropped.Add(count);

    /// <summary>A snapshot was kept.</summary>
    public void SnapshotKept() => _snapshots.Add(1);

    /// <summary>A snapshot was not kept.</summary>
    public void SnapshotDropped() => _snapshotsDropped.Add(1);

    /// <summary>Contents of events went.</summary>
    public void EventsReduced(long count) => _eventsReduced.Add(count);

    /// <summary>Decisions went.</summary>
    public void DecisionsDeleted(long count) => _decisionsDeleted.Add(count);
}
