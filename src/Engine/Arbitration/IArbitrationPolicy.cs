using Decisioning.Engine.Actions;

namespace Decisioning.Engine.Arbitration;

/// <summary>How one of several actions is picked. Pure: the same entrants and chance give the same pick.</summary>
public interface IArbitrationPolicy
{
    /// <summary>The name authors know it by.</summary>
    string Name { get; }

    /// <summary>What a positive response to an action is worth to this policy: the <c>value</c> of its priority. Its own value unless said otherwise.</summary>
    /// <param name="action">The action.</param>
    /// <param name="goals">What the strategy's goals weigh.</param>
    double Worth(ActionDefinition action, ReadOnlySpan<GoalWeight> goals) => action.Value;

    /// <summary>Picks the one that goes first.</summary>
    /// <param name="entrants">Who competes, at least one, in the order in which ties go: the higher worth first, then by issue, group and name.</param>
    /// <param name="chance">The chance of this pick, for policies that leave it to chance.</param>
    ArbitrationPick Pick(ReadOnlySpan<Entrant> entrants, Chance chance);

    /// <summary>The probability with which this policy picks an entrant: above 0 for one it picked, 1 in sum over all.</summary>
    /// <param name="entrants">As for <see cref="Pick"/>.</param>
    /// <param name="index">Which of them.</param>
    double ProbabilityOf(ReadOnlySpan<Entrant> entrants, int index);
}

/// <summary>The pick of a policy.</summary>
/// <param name="Index">Which of the entrants.</param>
/// <param name="Probability">The probability with which the policy picks this one here, above 0 and at most 1.</param>
public readonly record struct ArbitrationPick(int Index, double Probability);
