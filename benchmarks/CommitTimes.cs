using System.Diagnostics.Metrics;

namespace Decisioning.Benchmarks;

/// <summary>How long the longest commit of the store took, by the store's own measurements.</summary>
internal sealed class CommitTimes : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly Lock _lock = new();
    private double _longest;

    public CommitTimes()
    {
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "decisioning.storage.commit.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((_, milliseconds, _, _) => Add(milliseconds));
        _meters.Start();
    }

    /// <summary>The longest since the last time, in milliseconds; 0 for none.</summary>
    public double TakeLongest()
    {
        lock (_lock)
        {
            var longest = _longest;
            _longest = 0;
            return longest;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meters.Dispose();

    private void Add(double milliseconds)
    {
        lock (_lock)
        {
            _longest = Math.Max(_longest, milliseconds);
        }
    }
}
