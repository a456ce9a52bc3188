using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// The newest event, or the oldest of all time, with a value of it. Windows on the newest event are exact: it is in
/// (now - within, now]. 88 bytes, and the text it keeps. It stays when it has left all windows, so that an older event that comes late
/// does not count as the last.
/// </summary>
internal sealed record EdgeCell : Cell
{
    private bool _isEmpty = true;
    private long _sequence;

    public EdgeCell(ulong key, CellKind kind)
        : base(key, kind)
    {
    }

    /// <summary>When the event happened, in ticks from 1970.</summary>
    public long At { get; private set; }

    /// <summary>The value kept; null for kinds that keep none.</summary>
    public Value Value { get; private set; }

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan)
    {
        var order = (occurrence.At, occurrence.Sequence).CompareTo((At, _sequence));
        return _isEmpty || (Kind is CellKind.First or CellKind.FirstValue ? order < 0 : order > 0);
    }

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        if (!TakesIn(in occurrence, plan))
        {
            return false;
        }

        (_isEmpty, At, _sequence) = (false, occurrence.At, occurrence.Sequence);
        Value = Kind is CellKind.LastValue or CellKind.FirstValue ? occurrence.Value : Value.Null;
        LeavesAt = NextLeave(plan, occurrence.Now);
        return true;
    }

    public override bool Expire(long now, CellPlan plan)
    {
        LeavesAt = NextLeave(plan, now);
        return true;
    }

    public override long NextChangeAt(Feature feature, long now)
    {
        var next = feature.Within is { } within && At + Window.Of(within).Length is var leaves && leaves > now ? leaves : long.MaxValue;
        if (feature.Kind != FeatureKind.Recency || (next == long.MaxValue && feature.Within is not null))
        {
            return next;
        }

        if (feature.Bands.IsEmpty)
        {
            // A recency as a duration changes all the time, which is never an instant.
            return feature.Unit is { } unit ? Math.Min(next, At + ((((Math.Max(now, At) - At) / unit.Ticks) + 1) * unit.Ticks)) : long.MaxValue;
        }

        foreach (var bound in feature.Bands)
        {
            var reached = At + (long)bound;
            next = reached > now && reached < next ? reached : next;
        }

        return next;
    }

    public override ImmutableArray<FeatureCellEntry> ToEntries() => [new(0, At, _sequence, Value)];

    public static EdgeCell Read(FeatureCell stored) => new(stored.Key, stored.Kind)
    {
        _isEmpty = false,
        At = stored.Entries[0].First,
        _sequence = stored.Entries[0].Second,
        Value = stored.Entries[0].Value,
        LeavesAt = stored.LeavesAt,
    };

    // The bucket does not matter here: each event leaves by itself.
    private long NextLeave(CellPlan plan, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var window in plan.Windows)
        {
            var leaves = At + window.Length;
            least = leaves > now && leaves < least ? leaves : least;
        }

        return least;
    }
}
