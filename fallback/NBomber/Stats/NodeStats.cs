using NBomber.Measuring;

namespace NBomber.Contracts.Stats;

/// <summary>What a step measured.</summary>
public sealed class StepStats
{
    /// <summary>Its name.</summary>
    public required string StepName { get; init; }

    /// <summary>Those that went well.</summary>
    public required MeasurementStats Ok { get; init; }

    /// <summary>Those that failed.</summary>
    public required MeasurementStats Fail { get; init; }
}

/// <summary>What a scenario measured.</summary>
public sealed class ScenarioStats
{
    /// <summary>Its name.</summary>
    public required string ScenarioName { get; init; }

    /// <summary>Iterations that went well.</summary>
    public required MeasurementStats Ok { get; init; }

    /// <summary>Iterations that failed.</summary>
    public required MeasurementStats Fail { get; init; }

    /// <summary>Its steps, in the order they first ran.</summary>
    public required StepStats[] StepStats { get; init; }

    /// <summary>All iterations.</summary>
    public required int AllRequestCount { get; init; }

    /// <summary>Iterations that went well.</summary>
    public required int AllOkCount { get; init; }

    /// <summary>Iterations that failed.</summary>
    public required int AllFailCount { get; init; }

    /// <summary>Bytes transferred.</summary>
    public required long AllBytes { get; init; }

    /// <summary>From the beginning to the last answer, pauses left out.</summary>
    public required TimeSpan Duration { get; init; }

    // Reports say more than the documented members do.
    internal IReadOnlyList<Moment> Timeline { get; init; } = [];
}

/// <summary>What became of a threshold.</summary>
public sealed class ThresholdResult
{
    /// <summary>The scenario.</summary>
    public required string ScenarioName { get; init; }

    /// <summary>The step; empty where it is about the scenario.</summary>
    public required string StepName { get; init; }

    /// <summary>What must hold.</summary>
    public required string CheckExpression { get; init; }

    /// <summary>Why it could not be checked; empty where it could.</summary>
    public required string ExceptionMsg { get; init; }

    /// <summary>How many checks failed.</summary>
    public required int ErrorCount { get; init; }

    /// <summary>Whether any check failed.</summary>
    public required bool IsFailed { get; init; }
}

/// <summary>A report that was written.</summary>
public sealed class ReportFile
{
    /// <summary>Where it is.</summary>
    public required string FilePath { get; init; }

    /// <summary>What it is.</summary>
    public required ReportFormat ReportFormat { get; init; }

    /// <summary>What it says.</summary>
    public required string ReportContent { get; init; }
}

/// <summary>What a test measured.</summary>
public sealed class NodeStats
{
    /// <summary>Its scenarios, in the order registered.</summary>
    public required ScenarioStats[] ScenarioStats { get; init; }

    /// <summary>Its thresholds.</summary>
    public required ThresholdResult[] Thresholds { get; init; }

    /// <summary>The machine.</summary>
    public required NodeInfo NodeInfo { get; init; }

    /// <summary>The test.</summary>
    public required TestInfo TestInfo { get; init; }

    /// <summary>All iterations.</summary>
    public required int AllRequestCount { get; init; }

    /// <summary>Iterations that went well.</summary>
    public required int AllOkCount { get; init; }

    /// <summary>Iterations that failed.</summary>
    public required int AllFailCount { get; init; }

    /// <summary>Bytes transferred.</summary>
    public required long AllBytes { get; init; }

    /// <summary>The longest scenario's duration.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The reports that were written.</summary>
    public ReportFile[] ReportFiles { get; internal set; } = [];

    internal string? StopReason { get; init; }
}
