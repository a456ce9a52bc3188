namespace Decisioning.Engine.Arbitration;

/// <summary>Each as likely as the others: what came through the funnel, in an order that chance makes.</summary>
internal sealed class UniformlyRandom : IArbitrationPolicy
{
    /// <inheritdoc/>
    public string Name => ArbitrationPolicies.Random;

    /// <inheritdoc/>
    public ArbitrationPick Pick(ReadOnlySpan<Entrant> entrants, Chance chance) => new(chance.NextBelow(entrants.Length), 1.0 / entrants.Length);

    /// <inheritdoc/>
    public double ProbabilityOf(ReadOnlySpan<Entrant> entrants, int index) => 1.0 / entrants.Length;
}
