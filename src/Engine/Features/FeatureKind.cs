namespace Decisioning.Engine.Features;

/// <summary>How a feature is computed from events.</summary>
public enum FeatureKind : byte
{
    /// <summary>How many events: an int, 0 for none.</summary>
    Count = 1,

    /// <summary>The sum of a number over events: a double, 0 for none.</summary>
    Sum = 2,

    /// <summary>When the last event happened: a timestamp, null for none.</summary>
    Last = 3,

    /// <summary>A value of the last event: of the value's type, null for none.</summary>
    LastValue = 4,

    /// <summary>How long ago the last event happened: a duration, null for none.</summary>
    Recency = 5,

    /// <summary>How many different values: an int, exact up to <see cref="Limits.DistinctValuesMax"/>, then estimated.</summary>
    Distinct = 6,

    /// <summary>When the first event happened: a timestamp, null for none.</summary>
    First = 7,

    /// <summary>A value of the first event: of the value's type, null for none.</summary>
    FirstValue = 8,

    /// <summary>The mean of a number over events: a double, null for none.</summary>
    Average = 9,

    /// <summary>The smallest value: of the value's type, null for none.</summary>
    Min = 10,

    /// <summary>The largest value: of the value's type, null for none.</summary>
    Max = 11,

    /// <summary>The value that came most often: of the value's type, null for none.</summary>
    Top = 12,

    /// <summary>Whether steps happened one after the other: a bool.</summary>
    Sequence = 13,

    /// <summary>How many sessions: an int, 0 for none.</summary>
    Sessions = 14,

    /// <summary>How many events in the window for each in the window before it: a double, null when there was none before.</summary>
    CountTrend = 15,

    /// <summary>The sum in the window for each unit in the window before it: a double, null when the sum before was 0.</summary>
    SumTrend = 16,
}
