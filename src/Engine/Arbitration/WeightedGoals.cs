using Decisioning.Engine.Actions;

namespace Decisioning.Engine.Arbitration;

/// <summary>
/// The highest priority goes first, where a positive response is worth what it does for the strategy's goals: the sum over the goals of
/// the goal's weight × what the action brings to it. An action's own value does not count.
/// </summary>
internal sealed class WeightedGoals : IArbitrationPolicy
{
    /// <inheritdoc/>
    public string Name => ArbitrationPolicies.Goals;

    /// <inheritdoc/>
    public double Worth(ActionDefinition action, ReadOnlySpan<GoalWeight> goals)
    {
        var worth = 0d;
        foreach (var goal in goals)
        {
            foreach (var brought in action.Goals)
            {
                worth += brought.Goal == goal.Goal ? goal.Weight * brought.Value : 0;
            }
        }

        return worth;
    }

    /// <inheritdoc/>
    public ArbitrationPick Pick(ReadOnlySpan<Entrant> entrants, Chance chance) => new(HighestPriority.First(entrants), 1);

    /// <inheritdoc/>
    public double ProbabilityOf(ReadOnlySpan<Entrant> entrants, int index) => HighestPriority.First(entrants) == index ? 1 : 0;
}
