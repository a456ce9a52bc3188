namespace Decisioning.Engine.Arbitration;

/// <summary>
/// A policy that tries others now and then (epsilon-greedy): with the probability <paramref name="share"/> each entrant is as likely as
/// the others, otherwise the policy picks. So an entrant is picked with the probability share ÷ entrants + (1 − share) × the policy's own,
/// which is above 0 for each: what is never tried cannot be learned.
/// </summary>
/// <param name="policy">Who picks otherwise.</param>
/// <param name="share">The probability of trying, above 0 and at most 1.</param>
internal sealed class Exploring(IArbitrationPolicy policy, double share) : IArbitrationPolicy
{
    /// <inheritdoc/>
    public string Name => policy.Name;

    /// <inheritdoc/>
    public double Worth(Actions.ActionDefinition action, ReadOnlySpan<GoalWeight> goals) => policy.Worth(action, goals);

    /// <inheritdoc/>
    public ArbitrationPick Pick(ReadOnlySpan<Entrant> entrants, Chance chance)
    {
        var index = chance.NextShare() < share ? chance.NextBelow(entrants.Length) : policy.Pick(entrants, chance).Index;
        return new(index, ProbabilityOf(entrants, index));
    }

    /// <inheritdoc/>
    public double ProbabilityOf(ReadOnlySpan<Entrant> entrants, int index) =>
        (share / entrants.Length) + ((1 - share) * policy.ProbabilityOf(entrants, index));
}
