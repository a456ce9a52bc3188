using Decisioning.Engine.Values;

namespace Decisioning.LoadTests.Stateless;

/// <summary>
/// What the service remembers of a customer: one document, read anew for every call. Counters are kept by day (UTC), newest first, for a
/// week.
/// </summary>
/// <param name="features">How many features there are.</param>
internal sealed class Profile(int features)
{
    /// <summary>Days that a counter is kept for, the newest included.</summary>
    public const int Days = 7;

    /// <summary>How many events it is made of; the key that keeps two writers apart.</summary>
    public long Version { get; set; }

    /// <summary>The newest day with an event, in days since 1970: the first of every counter.</summary>
    public int Day { get; set; }

    /// <summary>The channel the customer was on last.</summary>
    public string? Channel { get; set; }

    /// <summary>The type of the device the customer had last.</summary>
    public string? Device { get; set; }

    /// <summary>What is known of the customer, by name.</summary>
    public Dictionary<string, Value> Traits { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts and sums by feature and day; null where there was nothing.</summary>
    public double[]?[] Counters { get; } = new double[]?[features];

    /// <summary>When the last event of a feature happened, in milliseconds since 1970; 0 for never.</summary>
    public long[] LastAt { get; } = new long[features];

    /// <summary>What the last event of a feature said.</summary>
    public string?[] LastText { get; } = new string?[features];

    /// <summary>The day of an instant.</summary>
    public static int DayOf(DateTimeOffset at) => (int)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalDays);

    /// <summary>A counter over the week that ends with a day.</summary>
    public double Week(int feature, int today)
    {
        if (Counters[feature] is not { } days)
        {
            return 0;
        }

        var sum = 0.0;
        for (var i = 0; i < days.Length && i + (today - Day) < Days; i++)
        {
            sum += days[i];
        }

        return sum;
    }

    /// <summary>Adds to a counter on a day; nothing where the day is over a week before the newest.</summary>
    public void Add(int feature, int day, double amount)
    {
        MoveTo(day);
        if (Day - day is var ago && ago < Days)
        {
            (Counters[feature] ??= new double[Days])[ago] += amount;
        }
    }

    // What was the newest day becomes an older one.
    private void MoveTo(int day)
    {
        var moved = day - Day;
        if (moved <= 0)
        {
            return;
        }

        Day = day;
        for (var i = 0; i < Counters.Length; i++)
        {
            if (Counters[i] is { } days)
            {
                var next = new double[Days];
                days.AsSpan(0, Math.Max(0, Math.Min(days.Length, Days - moved))).CopyTo(next.AsSpan(Math.Min(moved, Days)));
                Counters[i] = Array.TrueForAll(next, amount => amount == 0) ? null : next;
            }
        }
    }
}
