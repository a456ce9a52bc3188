using System.Collections.Frozen;

namespace Decisioning.Engine.Arbitration;

/// <summary>The arbitration policies by name.</summary>
public static class ArbitrationPolicies
{
    /// <summary>The highest priority goes first.</summary>
    public const string Priority = "priority";

    /// <summary>The highest value goes first.</summary>
    public const string Value = "value";

    /// <summary>The highest priority goes first, with what an action brings to the strategy's goals in place of its value.</summary>
    public const string Goals = "goals";

    /// <summary>Chance decides.</summary>
    public const string Random = "random";

    /// <summary>The policy of strategies that name none.</summary>
    public static IArbitrationPolicy Default { get; } = new HighestPriority();

    /// <summary>Every policy by its name.</summary>
    public static FrozenDictionary<string, IArbitrationPolicy> ByName { get; } =
        new[] { Default, new HighestValue(), new WeightedGoals(), new UniformlyRandom() }.ToFrozenDictionary(policy => policy.Name, StringComparer.Ordinal);

    /// <summary>A policy that tries others now and then.</summary>
    /// <param name="policy">Who picks otherwise.</param>
    /// <param name="share">The probability with which each entrant is as likely as the others, 0 to 1.</param>
    public static IArbitrationPolicy Exploring(IArbitrationPolicy policy, double share) => share > 0 ? new Exploring(policy, share) : policy;
}
