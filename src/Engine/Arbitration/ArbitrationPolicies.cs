using System.Collections.Frozen;

namespace Decisioning.Engine.Arbitration;

/// <summary>The arbitration policies by name.</summary>
public static class ArbitrationPolicies
{
    /// <summary>The policy of strategies that name none.</summary>
    public static IArbitrationPolicy Default { get; } = new HighestPriority();

    /// <summary>Every policy by its name.</summary>
    public static FrozenDictionary<string, IArbitrationPolicy> ByName { get; } =
        new[] { Default }.ToFrozenDictionary(policy => policy.Name, StringComparer.Ordinal);
}
