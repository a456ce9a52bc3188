using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>An event as cells see it.</summary>
internal struct Occurrence
{
    /// <summary>When it happened, in ticks from 1970.</summary>
    public long At;

    /// <summary>The customer's newest event time, this event's included: what is out of all windows then is not counted.</summary>
    public long Now;

    /// <summary>Its sequence: of two events at the same instant the one with the higher sequence is the later.</summary>
    public long Sequence;

    /// <summary>The value that is summed, kept, compared or told apart; null where none is needed.</summary>
    public Value Value;

    /// <summary>The value in billionths, for sums.</summary>
    public Int128 Units;

    /// <summary>The value as an ordered number, for extremes; its hash, for values told apart.</summary>
    public long Word;

    /// <summary>The step of a sequence it is; <see cref="SequenceCell.WithoutRole"/> for one that takes it back.</summary>
    public int Role;
}
