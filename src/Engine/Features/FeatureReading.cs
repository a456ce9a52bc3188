using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>What a cell says at an instant. Of a cell of another kind than the feature's, or none: as if there were no events.</summary>
internal static class FeatureReading
{
    /// <summary>A count, distinct or sessions feature.</summary>
    public static long Int(Cell? cell, Feature feature, DateTimeOffset now)
    {
        var (ticks, within) = (WindowTime.Ticks(now), feature.Within);
        return cell switch
        {
            TallyCell tally when IsOf(cell, feature) => Read(tally, ticks, within).Count,
            DistinctCell distinct when IsOf(cell, feature) => distinct.Since(From(ticks, within)),
            SessionCell sessions when IsOf(cell, feature) => within is { } length ? sessions.After(ticks - Window.Of(length).Length) : sessions.All,
            _ => 0,
        };
    }

    /// <summary>A sum.</summary>
    public static double Sum(Cell? cell, Feature feature, DateTimeOffset now) =>
        cell is TallyCell tally && IsOf(cell, feature) ? ExactSum.ToDouble(Read(tally, WindowTime.Ticks(now), feature.Within).Sum) : 0;

    /// <summary>A mean or a trend; null where there is nothing to divide by.</summary>
    public static double? Ratio(Cell? cell, Feature feature, DateTimeOffset now)
    {
        if (cell is not TallyCell tally || !IsOf(cell, feature))
        {
            return null;
        }

        var ticks = WindowTime.Ticks(now);
        var inside = Read(tally, ticks, feature.Within);
        if (feature.Kind == FeatureKind.Average)
        {
            return inside.Count == 0 ? null : ExactSum.ToDouble(inside.Sum) / inside.Count;
        }

        var before = tally.Since(Window.Of(feature.Within!.Value).Doubled.From(ticks)).Minus(inside);
        return feature.Kind == FeatureKind.CountTrend
            ? before.Count == 0 ? null : (double)inside.Count / before.Count
            : before.Sum == 0 ? null : ExactSum.ToDouble(inside.Sum) / ExactSum.ToDouble(before.Sum);
    }

    /// <summary>How long ago the last event happened, in whole units.</summary>
    public static long? Whole(Cell? cell, Feature feature, DateTimeOffset now) => Recency(cell, feature, now) is { } ago ? ago.Ticks / feature.Unit!.Value.Ticks : null;

    /// <summary>The band of a feature's number, from 1.</summary>
    public static long Band(Cell? cell, Feature feature, DateTimeOffset now)
    {
        var number = feature.Kind switch
        {
            FeatureKind.Recency => Recency(cell, feature, now)?.Ticks,
            FeatureKind.Count or FeatureKind.Distinct or FeatureKind.Sessions => Int(cell, feature, now),
            FeatureKind.Sum => Sum(cell, feature, now),
            _ => Kept(cell, feature, now).TryNumber(out var kept) ? kept : (double?)null,
        };
        return number is { } found ? BandOf(found, feature) : 1;
    }

    /// <summary>The band of a number.</summary>
    public static long BandOf(double number, Feature feature)
    {
        var reached = 0;
        foreach (var bound in feature.Bands)
        {
            reached += number >= bound ? 1 : 0;
        }

        return 1 + (feature.Kind == FeatureKind.Recency ? feature.Bands.Length - reached : reached);
    }

    /// <summary>When the first or last event happened.</summary>
    public static DateTimeOffset? Instant(Cell? cell, Feature feature, DateTimeOffset now) => cell switch
    {
        EdgeCell edge when IsOf(cell, feature) && IsWithin(edge.At, feature.Within, now) => WindowTime.Instant(edge.At),
        FirstCell first when IsOf(cell, feature) && first.Since(From(WindowTime.Ticks(now), feature.Within)) is { } found => WindowTime.Instant(found.At),
        _ => null,
    };

    public static TimeSpan? Recency(Cell? cell, Feature feature, DateTimeOffset now) =>
        Instant(cell, feature, now) is { } at ? (at < now ? now - at : TimeSpan.Zero) : null;

    /// <summary>A value kept, an extreme or the most frequent value; a mean or a trend as a value.</summary>
    public static Value Kept(Cell? cell, Feature feature, DateTimeOffset now)
    {
        if (cell is null || !IsOf(cell, feature))
        {
            return Value.Null;
        }

        var from = From(WindowTime.Ticks(now), feature.Within);
        return cell switch
        {
            EdgeCell edge => IsWithin(edge.At, feature.Within, now) ? edge.Value : Value.Null,
            FirstCell first => first.Since(from)?.Value ?? Value.Null,
            ExtremeCell extreme => extreme.Since(from) is { } word ? OrderedValue.Of(word, OrderedValue.TypeOf(feature.Of!.Type)) : Value.Null,
            TopCell top => top.Since(from),
            TallyCell when Ratio(cell, feature, now) is { } ratio => Value.Of(ratio),
            _ => Value.Null,
        };
    }

    /// <summary>Whether a sequence holds.</summary>
    public static bool Holds(Cell? cell, Feature feature, DateTimeOffset now) =>
        cell is SequenceCell sequence && feature.Sequence is { } definition && sequence.HoldsAt(WindowTime.Ticks(now), new SequencePlan(definition));

    private static bool IsOf(Cell cell, Feature feature) => cell.Kind == CellPlan.KindOf(feature);

    private static Tally Read(TallyCell tally, long ticks, TimeSpan? within) => within is null ? tally.All : tally.Since(From(ticks, within));

    private static long From(long ticks, TimeSpan? within) => within is { } length ? Window.Of(length).From(ticks) : long.MinValue;

    // The newest event alone is kept, so its own window is exact: (now - within, now].
    private static bool IsWithin(long at, TimeSpan? within, DateTimeOffset now) => within is not { } length || at > WindowTime.Ticks(now) - Window.Of(length).Length;
}
