namespace Decisioning.Cli.Import;

/// <summary>A mistake in a mapping.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record MapError(long Line, long Column, string Message)
{
    public override string ToString() => $"{Line}:{Column}: {Message}";
}
