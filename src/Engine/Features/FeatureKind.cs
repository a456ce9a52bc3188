namespace Decisioning.Engine.Features;

/// <summary>How a feature is computed from events. Stored: never reuse a number.</summary>
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

    /// <summary>How many different values: an int, exact up to <see cref="Limits.DistinctValuesMax"/>.</summary>
    Distinct = 6,

    /// <summary>When the first event happened: a timestamp, null for none.</summary>
    First = 7,

    /// <summary>A value of the first event: of the value's type, null for none.</summary>
    FirstValue = 8,
}
