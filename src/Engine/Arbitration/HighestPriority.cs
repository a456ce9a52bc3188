namespace Decisioning.Engine.Arbitration;

/// <summary>The highest priority goes first; of those alike the first, so that the same question always gets the same answer.</summary>
internal sealed class HighestPriority : IArbitrationPolicy
{
    /// <inheritdoc/>
    public string Name => ArbitrationPolicies.Priority;

    /// <inheritdoc/>
    public ArbitrationPick Pick(ReadOnlySpan<Entrant> entrants, Chance chance) => new(First(entrants), 1);

    /// <inheritdoc/>
    public double ProbabilityOf(ReadOnlySpan<Entrant> entrants, int index) => First(entrants) == index ? 1 : 0;

    /// <summary>The first of those with the highest priority.</summary>
    internal static int First(ReadOnlySpan<Entrant> entrants)
    {
        var best = 0;
        for (var i = 1; i < entrants.Length; i++)
        {
            if (entrants[i].Priority > entrants[best].Priority)
            {
                best = i;
            }
        }

        return best;
    }
}
