using System.Collections.Immutable;

namespace Decisioning.Engine.Arbitration;

/// <summary>How a strategy puts in order what came through the funnel.</summary>
public sealed record ArbitrationSettings
{
    /// <summary>The settings of a strategy that says nothing.</summary>
    public static ArbitrationSettings Default { get; } = new();

    /// <summary>Which parts of the priority count. Default: all.</summary>
    public PriorityParts Parts { get; init; } = PriorityParts.All;

    /// <summary>Who picks, exploring included. Default: the highest priority.</summary>
    public IArbitrationPolicy Policy { get; init; } = ArbitrationPolicies.Default;

    /// <summary>What each goal weighs, for the policy of goals; empty for others.</summary>
    public ImmutableArray<GoalWeight> Goals { get; init; } = [];

    /// <summary>The share of picks left to chance, 0 to 1. Default: 0.</summary>
    public double Explore { get; init; }

    /// <summary>These without leaving anything to chance beside the policy itself.</summary>
    public ArbitrationSettings WithoutExploring() => Explore == 0 ? this : this with { Explore = 0, Policy = ArbitrationPolicies.ByName[Policy.Name] };
}

/// <summary>What a goal weighs.</summary>
/// <param name="Goal">The goal, as actions name it.</param>
/// <param name="Weight">Its weight, above 0.</param>
public sealed record GoalWeight(string Goal, double Weight);

/// <summary>The parts of a priority that count; it is their product.</summary>
[Flags]
public enum PriorityParts : byte
{
    /// <summary>None: every priority is 1.</summary>
    None = 0,

    /// <summary>The probability of a positive response.</summary>
    Propensity = 1,

    /// <summary>The weights of the situation: conditions, rules that suggest the action, stages.</summary>
    ContextWeight = 2,

    /// <summary>What a positive response is worth.</summary>
    Value = 4,

    /// <summary>What people turn by hand.</summary>
    Lever = 8,

    /// <summary>All of them.</summary>
    All = Propensity | ContextWeight | Value | Lever,
}
