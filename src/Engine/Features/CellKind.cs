namespace Decisioning.Engine.Features;

/// <summary>How a cell is laid out. Stored: never reuse a number. A layout for windows is that for all time + 16.</summary>
public enum CellKind : byte
{
    /// <summary>How many events, over all time.</summary>
    Count = 1,

    /// <summary>The sum of a number, over all time.</summary>
    Sum = 2,

    /// <summary>When the last event happened.</summary>
    Last = 3,

    /// <summary>When the last event happened, and a value of it.</summary>
    LastValue = 4,

    /// <summary>When the last event happened, for how long ago it was.</summary>
    Recency = 5,

    /// <summary>Different values, over all time.</summary>
    Distinct = 6,

    /// <summary>When the first event happened, over all time.</summary>
    First = 7,

    /// <summary>When the first event happened, and a value of it, over all time.</summary>
    FirstValue = 8,

    /// <summary>The sum of a number and how many numbers there were, over all time.</summary>
    Average = 9,

    /// <summary>The smallest value, over all time.</summary>
    Min = 10,

    /// <summary>The largest value, over all time.</summary>
    Max = 11,

    /// <summary>How often each of a few values came, over all time.</summary>
    Top = 12,

    /// <summary>When the steps of a sequence happened, and when it was completed.</summary>
    Sequence = 13,

    /// <summary>The newest sessions, and how many there were before, over all time.</summary>
    Sessions = 14,

    /// <summary><see cref="Count"/> in windows.</summary>
    CountWindows = 17,

    /// <summary><see cref="Sum"/> in windows.</summary>
    SumWindows = 18,

    /// <summary><see cref="Distinct"/> in windows.</summary>
    DistinctWindows = 22,

    /// <summary><see cref="First"/> in windows.</summary>
    FirstWindows = 23,

    /// <summary><see cref="FirstValue"/> in windows.</summary>
    FirstValueWindows = 24,

    /// <summary><see cref="Average"/> in windows.</summary>
    AverageWindows = 25,

    /// <summary><see cref="Min"/> in windows.</summary>
    MinWindows = 26,

    /// <summary><see cref="Max"/> in windows.</summary>
    MaxWindows = 27,

    /// <summary><see cref="Top"/> in windows.</summary>
    TopWindows = 28,

    /// <summary>The sessions in windows.</summary>
    SessionsWindows = 30,
}
