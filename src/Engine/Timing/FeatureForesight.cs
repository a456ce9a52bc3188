using Decisioning.Engine.Features;

namespace Decisioning.Engine.Timing;

/// <summary>When a feature may change by time alone.</summary>
internal static class FeatureForesight
{
    /// <summary>The first instant after now at which an event may leave the feature's window; null for never.</summary>
    public static DateTimeOffset? NextChangeAt(this FeatureCells cells, Feature feature, DateTimeOffset now)
    {
        ref readonly var cell = ref cells.Find(feature.Key);
        if (feature.Within is not { } within || cell.Kind != feature.Kind)
        {
            return null;
        }

        var ticks = WindowTime.Ticks(now);
        if (cell.Kind is FeatureKind.Last or FeatureKind.LastValue)
        {
            return cell.First + WindowTime.Length(within) is var end && end > ticks ? WindowTime.Instant(end) : null;
        }

        var width = WindowTime.Width(within);
        return cell.LeavesAt == long.MaxValue ? null : WindowTime.Instant((WindowTime.Bucket(ticks, width) + 1) * width);
    }
}
