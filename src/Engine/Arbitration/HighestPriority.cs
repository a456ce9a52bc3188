namespace Decisioning.Engine.Arbitration;

/// <summary>
/// The highest priority goes first. Ties go to the higher value, then to issue, group and name in ordinal order, so that the same
/// question always gets the same answer.
/// </summary>
public sealed class HighestPriority : IArbitrationPolicy
{
    /// <inheritdoc/>
    public string Name => "highest-priority";

    /// <inheritdoc/>
    public ArbitrationPick Pick(ReadOnlySpan<Entrant> entrants, ulong seed)
    {
        var best = 0;
        for (var i = 1; i < entrants.Length; i++)
        {
            if (GoesBefore(in entrants[i], in entrants[best]))
            {
                best = i;
            }
        }

        return new(best, 1);
    }

    private static bool GoesBefore(in Entrant left, in Entrant right)
    {
        if (left.Priority != right.Priority)
        {
            return left.Priority > right.Priority;
        }

        return left.Value != right.Value ? left.Value > right.Value : left.NameRank < right.NameRank;
    }
}
