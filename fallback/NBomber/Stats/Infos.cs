namespace NBomber.Contracts.Stats;

/// <summary>What a node does.</summary>
public enum OperationType
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary>Scenarios begin.</summary>
    Init = 1,

    /// <summary>Runs, and does not count.</summary>
    WarmUp = 2,

    /// <summary>Runs, and counts.</summary>
    Bombing = 3,

    /// <summary>Scenarios end.</summary>
    Stop = 4,

    /// <summary>All done.</summary>
    Complete = 5,

    /// <summary>It could not run.</summary>
    Error = 6,
}

/// <summary>Kinds of reports.</summary>
public enum ReportFormat
{
    /// <summary>Text.</summary>
    Txt = 0,

    /// <summary>A page with charts.</summary>
    Html = 1,

    /// <summary>A line for each scenario and step.</summary>
    Csv = 2,

    /// <summary>Markdown.</summary>
    Md = 3,
}

/// <summary>A test.</summary>
public sealed class TestInfo
{
    /// <summary>Made up for each run.</summary>
    public required string SessionId { get; init; }

    /// <summary>The suite's name.</summary>
    public required string TestSuite { get; init; }

    /// <summary>The test's name.</summary>
    public required string TestName { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTime Created { get; init; }
}

/// <summary>The machine and what it does.</summary>
public sealed class NodeInfo
{
    /// <summary>The machine's name.</summary>
    public required string MachineName { get; init; }

    /// <summary>What it does now.</summary>
    public OperationType CurrentOperation { get; internal set; }

    /// <summary>Its operating system.</summary>
    public required string OS { get; init; }

    /// <summary>Its version of .NET.</summary>
    public required string DotNetVersion { get; init; }

    /// <summary>How many cores it has.</summary>
    public required int CoresCount { get; init; }
}
