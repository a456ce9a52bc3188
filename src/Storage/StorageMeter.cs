using System.Diagnostics.Metrics;

namespace Decisioning.Storage;

/// <summary>What the store measures; the meter is <c>Decisioning.Storage</c>.</summary>
internal sealed class StorageMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _commitRows;
    private readonly Histogram<double> _loadDuration;
    private readonly Counter<long> _decisionsDropped;
    private readonly Counter<long> _commitFailures;

    public StorageMeter(IMeterFactory? meters)
    {
        var options = new MeterOptions("Decisioning.Storage");
        _meter = meters?.Create(options) ?? new Meter(options);
        _commitDuration = _meter.CreateHistogram<double>(
            "decisioning.storage.commit.duration", unit: "ms", description: "Time one commit took, from its first row to the disk");
        _commitRows = _meter.CreateHistogram<int>(
            "decisioning.storage.commit.rows", unit: "{row}", description: "Events and decisions written by one commit");
        _loadDuration = _meter.CreateHistogram<double>(
            "decisioning.storage.load.duration", unit: "ms", description: "Time to load one customer");
        _decisionsDropped = _meter.CreateCounter<long>(
            "decisioning.storage.decisions.dropped", unit: "{decision}", description: "Decisions not recorded because the queue was full, the commit failed, or an erasure overtook them");
        _commitFailures = _meter.CreateCounter<long>(
            "decisioning.storage.commit.failures", unit: "{commit}", description: "Commits that failed; their events were not acknowledged");
    }

    public void Watch(Func<int> appendsWaiting, Func<int> decisionsWaiting)
    {
        _meter.CreateObservableGauge(
            "decisioning.storage.appends.waiting", appendsWaiting, unit: "{append}", description: "Appends that wait for a commit");
        _meter.CreateObservableGauge(
            "decisioning.storage.decisions.waiting", decisionsWaiting, unit: "{decision}", description: "Decisions that wait for a commit");
    }

    public void Committed(TimeSpan duration, int rows)
    {
        _commitDuration.Record(duration.TotalMilliseconds);
        _commitRows.Record(rows);
    }

    public void Loaded(TimeSpan duration) => _loadDuration.Record(duration.TotalMilliseconds);

    public void CommitFailed() => _commitFailures.Add(1);

    public void DecisionsDropped(int count) => _decisionsDropped.Add(count);

    public void Dispose() => _meter.Dispose();
}
