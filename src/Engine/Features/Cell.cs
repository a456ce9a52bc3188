using System.Collections.Immutable;

namespace Decisioning.Engine.Features;

/// <summary>
/// What one customer's events left behind for the features of one key. Immutable outside of the builder that owns it. What it holds
/// is a function of the set of events counted and of the newest event time, not of the order in which they came, unless its kind
/// says otherwise. A record for its copies alone: two cells are compared by what they describe.
/// </summary>
internal abstract record Cell
{
    protected Cell(ulong key, CellKind kind) => (Key, Kind) = (key, kind);

    public ulong Key { get; }

    public CellKind Kind { get; }

    /// <summary>From when time alone changes what is read from it, in ticks from 1970; never is <see cref="long.MaxValue"/>.</summary>
    public long LeavesAt { get; protected set; } = long.MaxValue;

    /// <summary>Whether it belongs to a builder at work, which may write to it.</summary>
    public bool IsOwned { get; private set; }

    protected bool IsForWindows => (byte)Kind > 16;

    /// <summary>A copy that its builder may write to.</summary>
    public Cell ToOwned()
    {
        var copy = this with { IsOwned = true };
        copy.Unshare();
        return copy;
    }

    /// <summary>Makes it writable, being new.</summary>
    public Cell Own()
    {
        IsOwned = true;
        return this;
    }

    /// <summary>Nobody writes to it from now on.</summary>
    public void Release()
    {
        IsOwned = false;
        Unshare();
    }

    /// <summary>Whether an event would change it.</summary>
    public virtual bool TakesIn(in Occurrence occurrence, CellPlan plan) => true;

    /// <summary>Takes in an event; only while owned. False when nothing changed.</summary>
    public abstract bool Add(in Occurrence occurrence, CellPlan plan);

    /// <summary>Drops what has left all windows by an instant; only while owned. False when nothing is left and the cell may go.</summary>
    public abstract bool Expire(long now, CellPlan plan);

    /// <summary>Tells which features read another value at an instant than at one before, as far as time alone changes it.</summary>
    /// <param name="before">The instant before.</param>
    /// <param name="now">The instant.</param>
    /// <param name="plan">The features that read it.</param>
    /// <param name="changed">Gets their slots.</param>
    public virtual void FindChanged(long before, long now, CellPlan plan, List<int> changed)
    {
        foreach (var feature in plan.Features)
        {
            if (NextChangeAt(feature, before) <= now)
            {
                changed.Add(feature.Slot);
            }
        }
    }

    /// <summary>The earliest instant after another at which what a feature reads may change by time alone; never is <see cref="long.MaxValue"/>.</summary>
    public abstract long NextChangeAt(Feature feature, long now);

    /// <summary>Its parts, as those who store it see them.</summary>
    public abstract ImmutableArray<FeatureCellEntry> ToEntries();

    public FeatureCell Describe() => new(Key, Kind, LeavesAt, ToEntries());

    /// <summary>From now on no array belongs to it alone.</summary>
    protected virtual void Unshare()
    {
    }

    /// <summary>The first time after an instant that something kept since a start leaves one of a feature's windows.</summary>
    protected static long NextLeave(Feature feature, long start, long now)
    {
        var leaves = feature.Window?.LeavesAt(start) ?? long.MinValue;
        var before = feature.WindowBefore?.LeavesAt(start) ?? long.MinValue;
        return leaves > now ? leaves : before > now ? before : long.MaxValue;
    }
}
