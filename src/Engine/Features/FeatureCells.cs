namespace Decisioning.Engine.Features;

/// <summary>The cells of one customer from which features are read: sparse, immutable, keyed by <see cref="Feature.Key"/>.</summary>
public sealed record FeatureCells
{
    /// <summary>No cells: every feature reads as 0 or null.</summary>
    public static FeatureCells Empty { get; } = new();
}
