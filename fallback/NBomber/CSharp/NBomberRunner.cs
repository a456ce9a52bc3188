using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Where a test begins.</summary>
public static class NBomberRunner
{
    /// <summary>A test of scenarios, which run at the same time.</summary>
    public static NBomberContext RegisterScenarios(params ScenarioProps[] scenarios)
    {
        ArgumentOutOfRangeException.ThrowIfZero(scenarios.Length);
        return scenarios.GroupBy(scenario => scenario.ScenarioName).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new ArgumentException($"scenario `{twice.Key}` is registered twice; give each a name of its own", nameof(scenarios))
            : new([.. scenarios]);
    }
}
