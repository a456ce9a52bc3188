using System.Collections.Immutable;
using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Testing;

/// <summary>What came of one test case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Expectations">How many things it expected, up to where it stopped.</param>
/// <param name="Failures">What was not as expected; empty for a case that passed.</param>
/// <param name="Touched">What of the strategy it touched.</param>
public sealed record CaseReport(TestCase Case, int Expectations, ImmutableArray<TestFailure> Failures, Coverage Touched)
{
    /// <summary>Whether everything was as expected.</summary>
    public bool IsPassed => Failures.IsEmpty;

    /// <summary>What was seen at each look, where that was asked for; else empty.</summary>
    public ImmutableArray<LookReport> Looks { get; init; } = [];
}

/// <summary>What was seen at one look of a case.</summary>
/// <param name="Line">The line it is written at, from 1.</param>
/// <param name="At">When, in the test's local time: <c>2026-11-02T10:00</c>.</param>
/// <param name="Customer">The customer then.</param>
/// <param name="Decision">The answer with all its reasons; null where nothing was asked.</param>
public sealed record LookReport(int Line, string At, CustomerView Customer, Decision? Decision);

/// <summary>Something that was not as a test expects.</summary>
/// <param name="File">The test's file, relative to the strategy's folder.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Subject">What was looked at: <c>features.visits</c>.</param>
/// <param name="At">When, in the test's local time: <c>2026-11-02T10:00</c>.</param>
/// <param name="Expected">What was expected, as written.</param>
/// <param name="Actual">What was there.</param>
/// <param name="Because">What the answer says about it, a sentence each; may be empty.</param>
public sealed record TestFailure(
    string File, int Line, int Column, string Subject, string At, string Expected, string Actual, ImmutableArray<string> Because);
