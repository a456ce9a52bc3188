using NBomber.Contracts.Stats;
using NBomber.Running;
using Spectre.Console;

namespace NBomber.Contracts;

/// <summary>A test that is being put together.</summary>
public sealed record NBomberContext
{
    internal NBomberContext(IReadOnlyList<ScenarioProps> scenarios) => Scenarios = scenarios;

    internal IReadOnlyList<ScenarioProps> Scenarios { get; }

    internal string TestSuite { get; init; } = "nbomber_default_test_suite_name";

    internal string TestName { get; init; } = "nbomber_default_test_name";

    internal string ReportFolder { get; init; } = "reports";

    internal string? ReportFileName { get; init; }

    internal IReadOnlyList<ReportFormat> ReportFormats { get; init; } = [ReportFormat.Txt, ReportFormat.Html, ReportFormat.Csv, ReportFormat.Md];

    internal bool HasReports { get; init; } = true;

    internal bool HasConsole { get; init; } = true;

    internal TimeSpan ReportingInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal TimeSpan CompletionTimeout { get; init; } = TimeSpan.FromMinutes(1);

    // Tests run on a clock of their own and read what is printed.
    internal Func<IPace> Pace { get; init; } = () => new RealPace(TimeProvider.System);

    internal IAnsiConsole Console { get; init; } = AnsiConsole.Console;

    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The suite's name.</summary>
    public NBomberContext WithTestSuite(string testSuite) => this with { TestSuite = testSuite };

    /// <summary>The test's name.</summary>
    public NBomberContext WithTestName(string testName) => this with { TestName = testName };

    /// <summary>Where reports are written. Default: <c>reports</c>.</summary>
    public NBomberContext WithReportFolder(string reportFolder) => this with { ReportFolder = reportFolder };

    /// <summary>The files' name without its end. Default: made of the time.</summary>
    public NBomberContext WithReportFileName(string reportFileName) => this with { ReportFileName = reportFileName };

    /// <summary>Which reports are written. Default: all.</summary>
    public NBomberContext WithReportFormats(params ReportFormat[] reportFormats) => this with { ReportFormats = [.. reportFormats] };

    /// <summary>No report is written.</summary>
    public NBomberContext WithoutReports() => this with { HasReports = false };

    /// <summary>How often thresholds are looked at. Default: 5 seconds.</summary>
    public NBomberContext WithReportingInterval(TimeSpan interval) => this with { ReportingInterval = interval };

    /// <summary>How long is waited for iterations that are under way when the load ends. Default: 1 minute.</summary>
    public NBomberContext WithScenarioCompletionTimeout(TimeSpan timeout) => this with { CompletionTimeout = timeout };

    /// <summary>Whether anything is printed. Default: true.</summary>
    public NBomberContext DisplayConsoleMetrics(bool display) => this with { HasConsole = display };

    /// <summary>Runs it to its end.</summary>
    public NodeStats Run() => new TestRun(this).Run();
}
