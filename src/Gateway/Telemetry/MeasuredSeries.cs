namespace Decisioning.Gateway.Telemetry;

/// <summary>What one instrument measured under one set of labels.</summary>
/// <param name="labels">The labels; their order is that of the measurement.</param>
/// <param name="hash">Of the labels.</param>
/// <param name="bounds">The upper bounds of the buckets of a histogram, ascending; empty for anything else.</param>
internal sealed class MeasuredSeries(KeyValuePair<string, object?>[] labels, int hash, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = bounds.Length == 0 ? [] : new long[bounds.Length + 1];
    private double _value;

    public KeyValuePair<string, object?>[] Labels { get; } = labels;

    /// <summary>The next series of the same place in the table.</summary>
    public MeasuredSeries? Next { get; init; }

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, int tagsHash)
    {
        if (tagsHash != hash || tags.Length != Labels.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            if (tags[i].Key != Labels[i].Key || !Equals(tags[i].Value, Labels[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds to a sum, or to a histogram.</summary>
    public void Add(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _value += value;
            if (_counts.Length > 0)
            {
                _counts[bucket]++;
            }
        }
    }

    /// <summary>Sets what is told as it stands.</summary>
    public void Set(double value)
    {
        lock (_gate)
        {
            _value = value;
        }
    }

    /// <summary>The sum or value, and how many of a histogram fell into each bucket, the last one without a bound.</summary>
    public (double Value, long[] Counts) Read()
    {
        lock (_gate)
        {
            return (_value, [.. _counts]);
        }
    }
}
