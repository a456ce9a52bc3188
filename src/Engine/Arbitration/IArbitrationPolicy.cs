namespace Decisioning.Engine.Arbitration;

/// <summary>How one of several actions is picked. Pure: the same entrants and seed give the same pick.</summary>
public interface IArbitrationPolicy
{
    /// <summary>The name authors know it by.</summary>
    string Name { get; }

    /// <summary>Picks the one that goes first.</summary>
    /// <param name="entrants">Who competes, at least one, in no particular order.</param>
    /// <param name="seed">The decision's seed, for policies that leave it to chance.</param>
    ArbitrationPick Pick(ReadOnlySpan<Entrant> entrants, ulong seed);
}

/// <summary>The pick of a policy.</summary>
/// <param name="Index">Which of the entrants.</param>
/// <param name="Probability">The probability with which the policy picks this one here, above 0 and at most 1.</param>
public readonly record struct ArbitrationPick(int Index, double Probability);
