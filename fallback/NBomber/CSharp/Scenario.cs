using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Makes scenarios.</summary>
public static class Scenario
{
    /// <summary>One that does this in each iteration.</summary>
    public static ScenarioProps Create(string name, Func<IScenarioContext, Task<IResponse>> run) => new(name, run);

    /// <summary>One that has a beginning and an end only.</summary>
    public static ScenarioProps Empty(string name) => new(name, null);
}
