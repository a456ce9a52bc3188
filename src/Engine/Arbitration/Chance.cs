namespace Decisioning.Engine.Arbitration;

/// <summary>
/// Chance drawn from a decision's seed: the same seed, slot and pick give the same numbers (INVARIANT (deterministic)), and different
/// ones give numbers that have nothing to do with each other. SplitMix64 (Steele, Lea, Flood 2014).
/// </summary>
public struct Chance
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state;

    private Chance(ulong state) => _state = state;

    /// <summary>The chance of one pick.</summary>
    /// <param name="seed">The decision's seed.</param>
    /// <param name="slot">Which of the decision's slots, from 0.</param>
    /// <param name="pick">Which pick for the slot, from 0.</param>
    public static Chance Of(ulong seed, int slot, int pick) => new(Mix(seed ^ Mix(((ulong)(uint)slot << 32) | (uint)pick)));

    /// <summary>A number at least 0 and below 1, in steps of 2^-53.</summary>
    public double NextShare() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number at least 0 and below a limit, each as likely as the others to within 2^-32.</summary>
    /// <param name="limit">At least 1.</param>
    public int NextBelow(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    private ulong Next() => Mix(_state = unchecked(_state + Step));

    private static ulong Mix(ulong bits)
    {
        bits = unchecked((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9);
        bits = unchecked((bits ^ (bits >> 27)) * 0x94D049BB133111EB);
        return bits ^ (bits >> 31);
    }
}
