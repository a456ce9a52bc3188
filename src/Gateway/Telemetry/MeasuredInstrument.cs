using System.Diagnostics.Metrics;

namespace Decisioning.Gateway.Telemetry;

/// <summary>How an instrument's values are told.</summary>
internal enum MeasuredKind
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>Values in buckets.</summary>
    Histogram,
}

/// <summary>What one instrument measured. Measuring takes no memory once the labels were seen.</summary>
internal sealed class MeasuredInstrument
{
    /// <summary>Sets of labels of one instrument; what more there are is told as one of their own. 500 × 300 bytes.</summary>
    public const int SeriesMax = 500;

    // A power of two.
    private const int Places = 64;

    // Of an engine that decides in microseconds and of callers that wait for seconds.
    private static readonly double[] Seconds =
        [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] Counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel_metric_overflow", "true")];

    private readonly MeasuredSeries?[] _places = new MeasuredSeries?[Places];
    private readonly Lock _gate = new();
    private readonly MeasuredSeries _overflow;
    private readonly double _scale;
    private readonly bool _isObserved;
    private int _count;

    public MeasuredInstrument(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        Kind = type == typeof(Histogram<>) ? MeasuredKind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MeasuredKind.Counter
            : MeasuredKind.Gauge;
        _isObserved = instrument.IsObservable || type == typeof(Gauge<>);
        (Name, _scale) = PrometheusNames.Of(instrument, Kind);
        Description = instrument.Description ?? "";
        Bounds = Kind != MeasuredKind.Histogram ? [] : Name.EndsWith("_seconds", StringComparison.Ordinal) ? Seconds : Counts;
        _overflow = new(Overflow, hash: 0, Bounds);
    }

    public string Name { get; }

    public string Description { get; }

    public MeasuredKind Kind { get; }

    /// <summary>The upper bounds of a histogram's buckets.</summary>
    public double[] Bounds { get; }

    /// <summary>What was measured so far, by labels.</summary>
    public IEnumerable<MeasuredSeries> Series()
    {
        foreach (var place in _places)
        {
            for (var series = place; series is not null; series = series.Next)
            {
                yield return series;
            }
        }

        if (Volatile.Read(ref _count) >= SeriesMax)
        {
            yield return _overflow;
        }
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var (_, tag) in tags)
        {
            hash.Add(tag);
        }

        var series = Find(tags, hash.ToHashCode());
        if (_isObserved)
        {
            series.Set(value * _scale);
        }
        else
        {
            series.Add(value * _scale);
        }
    }

    private MeasuredSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        ref var place = ref _places[hash & (Places - 1)];
        return Find(Volatile.Read(ref place), tags, hash) ?? Add(ref place, tags, hash);
    }

    private static MeasuredSeries? Find(MeasuredSeries? series, ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        while (series?.Has(tags, hash) == false)
        {
            series = series.Next;
        }

        return series;
    }

    private MeasuredSeries Add(ref MeasuredSeries? place, ReadOnlySpan<KeyValuePair<string, object?>> tags, int hash)
    {
        lock (_gate)
        {
            if (Find(place, tags, hash) is { } there)
            {
                return there;
            }

            if (_count >= SeriesMax)
            {
                return _overflow;
            }

            _count++;
            var series = new MeasuredSeries(tags.ToArray(), hash, Bounds) { Next = place };
            Volatile.Write(ref place, series);
            return series;
        }
    }
}
