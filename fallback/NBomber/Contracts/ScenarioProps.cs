namespace NBomber.Contracts;

/// <summary>A scenario and how it is run.</summary>
public sealed record ScenarioProps
{
    internal ScenarioProps(string name, Func<IScenarioContext, Task<IResponse>>? run)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (ScenarioName, Run) = (name, run);
    }

    /// <summary>Its name.</summary>
    public string ScenarioName { get; }

    internal Func<IScenarioContext, Task<IResponse>>? Run { get; }

    internal Func<IScenarioInitContext, Task>? Init { get; init; }

    internal Func<IScenarioInitContext, Task>? Clean { get; init; }

    internal TimeSpan? WarmUp { get; init; } = TimeSpan.FromSeconds(30);

    internal IReadOnlyList<LoadSimulation> Simulations { get; init; } = [new KeepConstant(1, TimeSpan.FromMinutes(1))];

    internal IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    internal bool RestartIterationOnFail { get; init; } = true;

    internal int MaxFailCount { get; init; } = 5_000;

    /// <summary>What is done before the warm-up; a failure ends the test.</summary>
    public ScenarioProps WithInit(Func<IScenarioInitContext, Task> initFunc) => this with { Init = initFunc };

    /// <summary>What is done when all has ended; a failure is told and changes nothing.</summary>
    public ScenarioProps WithClean(Func<IScenarioInitContext, Task> cleanFunc) => this with { Clean = cleanFunc };

    /// <summary>How long it runs before it counts. Default: 30 seconds.</summary>
    public ScenarioProps WithWarmUpDuration(TimeSpan duration) => this with { WarmUp = duration };

    /// <summary>It counts from the first iteration.</summary>
    public ScenarioProps WithoutWarmUp() => this with { WarmUp = null };

    /// <summary>What it is run with, one after the other. Default: one copy for a minute.</summary>
    public ScenarioProps WithLoadSimulations(params LoadSimulation[] loadSimulations) => this with { Simulations = [.. loadSimulations] };

    /// <summary>What must hold.</summary>
    public ScenarioProps WithThresholds(params Threshold[] thresholds) => this with { Thresholds = [.. thresholds] };

    /// <summary>Whether a failed step ends its iteration, which then counts as failed. Default: true.</summary>
    public ScenarioProps WithRestartIterationOnFail(bool shouldRestart) => this with { RestartIterationOnFail = shouldRestart };

    /// <summary>Failures after which the test is stopped. Default: 5,000.</summary>
    public ScenarioProps WithMaxFailCount(int maxFailCount) => this with { MaxFailCount = maxFailCount };
}
