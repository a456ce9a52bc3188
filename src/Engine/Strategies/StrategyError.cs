namespace Decisioning.Engine.Strategies;

/// <summary>A mistake in a strategy as written.</summary>
/// <param name="File">The file, relative to the strategy's folder.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Path">What it concerns, e.g. <c>rules.loan-intent.behaviour</c>.</param>
/// <param name="Message">What is wrong and what to do: lower case, input in backticks.</param>
public sealed record StrategyError(string File, int Line, int Column, string Path, string Message)
{
    /// <summary><c>file:line:column: path: message</c>, as editors can follow.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Path}: {Message}";
}
