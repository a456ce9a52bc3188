namespace Decisioning.Engine.Arbitration;

/// <summary>What is worth most goes first, however likely it is; of those worth the same the highest priority.</summary>
internal sealed class HighestValue : IArbitrationPolicy
{
    /// <inheritdoc/>
    public string Name => ArbitrationPolicies.Value;

    /// <inheritdoc/>
    public ArbitrationPick Pick(ReadOnlySpan<Entrant> entrants, Chance chance) => new(First(entrants), 1);

    /// <inheritdoc/>
    public double ProbabilityOf(ReadOnlySpan<Entrant> entrants, int index) => First(entrants) == index ? 1 : 0;

    private static int First(ReadOnlySpan<Entrant> entrants)
    {
        // Entrants come by worth: those worth most stand at the beginning.
        var alike = 1;
        while (alike < entrants.Length && entrants[alike].Worth == entrants[0].Worth)
        {
            alike++;
        }

        return HighestPriority.First(entrants[..alike]);
    }
}
