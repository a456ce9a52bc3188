using System.Collections.Immutable;
using Decisioning.Engine.Values;
using Orleans;

namespace Decisioning.Engine.Decisions;

/// <summary>A change of what is known with which a candidate that was not chosen would have been: the smallest that was found.</summary>
/// <param name="Changes">What would have to be otherwise, all of it; at least one, at most <see cref="Limits.CounterfactualChangesMax"/>.</param>
/// <param name="Text">The same in words.</param>
[GenerateSerializer, Immutable, Alias("decisioning.counterfactual")]
public sealed record Counterfactual(
    [property: Id(0)] ImmutableArray<SupposedChange> Changes,
    [property: Id(1)] string Text)
{
    /// <inheritdoc/>
    public bool Equals(Counterfactual? other) => other is not null && Text == other.Text && Changes.AsSpan().SequenceEqual(other.Changes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>One thing that would have to be otherwise.</summary>
/// <param name="Name">
/// What: as conditions write it (<c>features.visits_7d</c>, <c>profile.plan</c>, <c>consent.marketing.email</c>, <c>stages.find.in</c>),
/// or <c>action.value</c>, the value of the action itself.
/// </param>
/// <param name="Seen">What it is; null for nothing.</param>
/// <param name="Needed">What it would have to be.</param>
[GenerateSerializer, Immutable, Alias("decisioning.supposed-change")]
public sealed record SupposedChange(
    [property: Id(0)] string Name,
    [property: Id(1)] Value Seen,
    [property: Id(2)] Value Needed);
