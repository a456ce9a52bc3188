using System.Collections.Immutable;

namespace Decisioning.Engine.Features;

/// <summary>A cell in a form that this build does not count in: of an earlier one, or a later one. It is kept as it is and reads as no events.</summary>
internal sealed record OpaqueCell : Cell
{
    private readonly FeatureCell _stored;

    public OpaqueCell(FeatureCell stored)
        : base(stored.Key, stored.Kind)
    {
        _stored = stored;
        LeavesAt = stored.LeavesAt;
    }

    public override bool Add(in Occurrence occurrence, CellPlan plan) => false;

    public override bool Expire(long now, CellPlan plan) => true;

    public override long NextChangeAt(Feature feature, long now) => long.MaxValue;

    public override ImmutableArray<FeatureCellEntry> ToEntries() => _stored.Entries;
}
