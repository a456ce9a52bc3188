namespace Decisioning.Engine.Strategies;

/// <summary>Something wrong with a strategy as written.</summary>
/// <param name="Severity">Whether the strategy can be used in spite of it.</param>
/// <param name="Rule">The id of the check that found it, e.g. <c>unknown-name</c>; it stays the same from release to release.</param>
/// <param name="File">The file, relative to the strategy's folder.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Path">What it concerns, e.g. <c>rules.loan-intent.behaviour</c>.</param>
/// <param name="Message">What is wrong and what to do: lower case, input in backticks.</param>
public sealed record Finding(Severity Severity, string Rule, string File, int Line, int Column, string Path, string Message)
{
    /// <summary><c>file:line:column: severity rule: path: message</c>, as editors can follow.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {(Severity == Severity.Error ? "error" : "warning")} {Rule}: {Path}: {Message}";
}
