using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Features;

/// <summary>What a sequence feature waits for.</summary>
/// <param name="Steps">The steps, in the order in which they must happen: 1 to <see cref="Limits.SequenceStepsMax"/>.</param>
/// <param name="Without">What takes it back; empty for nothing.</param>
/// <param name="Within">How long after the first step the last one may happen; of a single step, after how long it holds.</param>
/// <param name="For">How long it holds once it is complete; null for as long as it is not taken back.</param>
public sealed record SequenceDefinition(ImmutableArray<SequenceStep> Steps, ImmutableArray<SequenceStep> Without, TimeSpan Within, TimeSpan? For)
{
    /// <summary>All events it looks at, in ordinal order; empty for all there are.</summary>
    public ImmutableArray<string> Events => Steps.Concat(Without).Any(step => step.Events.IsEmpty) ? []
        : [.. Steps.Concat(Without).SelectMany(step => step.Events).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

/// <summary>Events that make a step of a sequence, or take it back.</summary>
/// <param name="Events">The events; empty for all.</param>
/// <param name="Where">Which of them; null for all.</param>
public sealed record SequenceStep(ImmutableArray<string> Events, Condition? Where);
