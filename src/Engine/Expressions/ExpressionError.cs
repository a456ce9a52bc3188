namespace Decisioning.Engine.Expressions;

/// <summary>One mistake in an expression, for its author.</summary>
/// <param name="Message">What is wrong and what to write instead: lower case, input in backticks, one line.</param>
/// <param name="Line">Line within the expression, from 1.</param>
/// <param name="Column">Column within the line, from 1, in UTF-16 units.</param>
/// <param name="Length">How many characters the mistake covers; at least 1.</param>
public sealed record ExpressionError(string Message, int Line, int Column, int Length)
{
    /// <summary>What kind of mistake it is.</summary>
    public ExpressionErrorKind Kind { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Line}:{Column}: {Message}";
}
