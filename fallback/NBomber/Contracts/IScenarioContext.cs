using NBomber.Contracts.Stats;

namespace NBomber.Contracts;

/// <summary>What an iteration may know and do.</summary>
public interface IScenarioContext
{
    /// <summary>The test it is part of.</summary>
    TestInfo TestInfo { get; }

    /// <summary>The scenario it is one of.</summary>
    ScenarioInfo ScenarioInfo { get; }

    /// <summary>Where it runs, and whether it is a warm-up.</summary>
    NodeInfo NodeInfo { get; }

    /// <summary>Counts the iterations of this copy, from 1.</summary>
    long InvocationNumber { get; }

    /// <summary>Cancelled when the scenario ends.</summary>
    CancellationToken ScenarioCancellationToken { get; }

    /// <summary>Chance; safe to use from any thread.</summary>
    Random Random { get; }

    /// <summary>Ends a scenario.</summary>
    void StopScenario(string scenarioName, string reason);

    /// <summary>Ends all scenarios.</summary>
    void StopCurrentTest(string reason);

    /// <summary>The time since the scenario began.</summary>
    TimeSpan GetScenarioTimerTime();
}

/// <summary>What the beginning and the end of a scenario may know.</summary>
public interface IScenarioInitContext
{
    /// <summary>The test it is part of.</summary>
    TestInfo TestInfo { get; }

    /// <summary>The scenario.</summary>
    ScenarioInfo ScenarioInfo { get; }

    /// <summary>Where it runs.</summary>
    NodeInfo NodeInfo { get; }
}

/// <summary>A copy of a scenario.</summary>
public sealed class ScenarioInfo
{
    internal ScenarioInfo(string name, int number, TimeSpan duration) => (ScenarioName, InstanceNumber, Duration) = (name, number, duration);

    /// <summary>The scenario's name.</summary>
    public string ScenarioName { get; }

    /// <summary>Counts the copies, from 0.</summary>
    public int InstanceNumber { get; }

    /// <summary>How long the scenario is planned to run.</summary>
    public TimeSpan Duration { get; }
}
