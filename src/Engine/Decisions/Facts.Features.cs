using Decisioning.Engine.Customers;
using Decisioning.Engine.Features;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

// The readers of `features.NAME`, by slot. A reader for the wrong kind of feature answers as if there were no events.
public sealed partial class Facts
{
    // Numbers over windows add up many buckets, and many conditions read the same few: kept for one look.
    private readonly Memo[] _numbers = new Memo[strategy.Features.Length];
    private long _counted;

    /// <summary>A count, distinct or sessions feature now, 0 for none; of any feature with bands its band.</summary>
    /// <param name="slot">The feature's <see cref="Feature.Slot"/>; so for all feature readers.</param>
    public long FeatureInt(int slot) => Number(slot).Int;

    /// <summary>A sum feature now; 0 for none.</summary>
    public double FeatureDouble(int slot) => Number(slot).Sum;

    /// <summary>When the last or first event of the feature happened; null for none in its window.</summary>
    public DateTimeOffset? FeatureTimestamp(int slot) =>
        IsSupposed(slot, out var supposed) ? Properties.Timestamp(supposed) : FeatureReading.Instant(Cell(slot), Strategy.Features[slot], Now);

    /// <summary>How long ago the last event of a recency feature happened, at least 0; null for none in its window.</summary>
    public TimeSpan? FeatureDuration(int slot) =>
        IsSupposed(slot, out var supposed) ? Properties.Duration(supposed) : FeatureReading.Recency(Cell(slot), Strategy.Features[slot], Now);

    /// <summary>How long ago the last event of a recency feature with a unit happened, in whole units; null for none in its window.</summary>
    public long? FeatureWhole(int slot) =>
        IsSupposed(slot, out var supposed) ? Properties.Int(supposed) : FeatureReading.Whole(Cell(slot), Strategy.Features[slot], Now);

    /// <summary>Whether a sequence feature holds now.</summary>
    public bool FeatureFlag(int slot) =>
        IsSupposed(slot, out var supposed) ? Properties.Bool(supposed) ?? false : FeatureReading.Holds(Cell(slot), Strategy.Features[slot], Now);

    /// <summary>The mean of an average feature, or the ratio of a trend; null for none.</summary>
    public double? FeatureRatio(int slot) =>
        IsSupposed(slot, out var supposed) ? Properties.Double(supposed) : FeatureReading.Ratio(Cell(slot), Strategy.Features[slot], Now);

    /// <summary>The value of a last-value, first-value, min, max or top feature, and of a ratio; null for none in its window.</summary>
    public Value FeatureKept(int slot) =>
        IsSupposed(slot, out var supposed) ? supposed : FeatureReading.Kept(Cell(slot), Strategy.Features[slot], Now);

    /// <summary>The kept value as an int; null when there is none or it is no whole number.</summary>
    public long? FeatureKeptInt(int slot) => Properties.Int(FeatureKept(slot));

    /// <summary>The kept value as a double; null when there is none or it is no number.</summary>
    public double? FeatureKeptDouble(int slot) => Properties.Double(FeatureKept(slot));

    /// <summary>The kept value as a text; null when there is none or it is no text.</summary>
    public string? FeatureKeptString(int slot) => Properties.String(FeatureKept(slot));

    /// <summary>The kept value as a bool; null when there is none or it is no bool.</summary>
    public bool? FeatureKeptBool(int slot) => Properties.Bool(FeatureKept(slot));

    /// <summary>The kept value as an instant; null when there is none or it is no instant.</summary>
    public DateTimeOffset? FeatureKeptTimestamp(int slot) => Properties.Timestamp(FeatureKept(slot));

    /// <summary>The kept value as a span; null when there is none or it is no span.</summary>
    public TimeSpan? FeatureKeptDuration(int slot) => Properties.Duration(FeatureKept(slot));

    /// <summary>Any feature now, in the form its kind has: int, double, bool, timestamp, duration or the kept value; null for none.</summary>
    public Value FeatureValue(int slot) => Strategy.Features[slot].Kind switch
    {
        _ when !Strategy.Features[slot].Bands.IsEmpty => Value.Of(FeatureInt(slot)),
        FeatureKind.Recency when Strategy.Features[slot].Unit is not null => FeatureWhole(slot) is { } whole ? Value.Of(whole) : Value.Null,
        FeatureKind.Count or FeatureKind.Distinct or FeatureKind.Sessions => Value.Of(FeatureInt(slot)),
        FeatureKind.Sum => Value.Of(FeatureDouble(slot)),
        FeatureKind.Last or FeatureKind.First => FeatureTimestamp(slot) is { } at ? Value.Of(at) : Value.Null,
        FeatureKind.Sequence => Value.Of(FeatureFlag(slot)),
        FeatureKind.Recency => FeatureDuration(slot) is { } ago ? Value.Of(ago) : Value.Null,
        _ => FeatureKept(slot),
    };

    private Cell? Cell(int slot)
    {
        var key = Strategy.Features[slot].Key;
        return _folding is { } folding ? folding.Find(key) : State.Features.Find(key);
    }

    private ref readonly Memo Number(int slot)
    {
        ref var memo = ref _numbers[slot];
        if (memo.Counted != _counted)
        {
            var feature = Strategy.Features[slot];
            var cell = Cell(slot);
            memo = IsSupposed(slot, out var supposed) && supposed.TryNumber(out var number) ? new(_counted, (long)number, number)
                : !feature.Bands.IsEmpty ? new(_counted, FeatureReading.Band(cell, feature, Now), 0)
                : feature.Kind == FeatureKind.Sum ? new(_counted, 0, FeatureReading.Sum(cell, feature, Now))
                : new(_counted, FeatureReading.Int(cell, feature, Now), 0);
        }

        return ref memo;
    }

    private readonly record struct Memo(long Counted, long Int, double Sum);
}
