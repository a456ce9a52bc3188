using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>What the checker found in a strategy.</summary>
/// <param name="Strategy">The strategy; null when there are errors.</param>
/// <param name="Findings">Errors and warnings: <c>strategy.yaml</c> first, then by file name, line and column.</param>
/// <param name="Cost">What the strategy costs to run; null when there are errors.</param>
public sealed record LintReport(Strategy? Strategy, ImmutableArray<Finding> Findings, StrategyCost? Cost)
{
    /// <summary>How many errors there are.</summary>
    public int Errors => Findings.Count(finding => finding.Severity == Severity.Error);

    /// <summary>How many warnings there are.</summary>
    public int Warnings => Findings.Length - Errors;
}
