using System.Collections.Immutable;
using Orleans;

namespace Decisioning.Contracts.Messages;

/// <summary>A file of a strategy.</summary>
/// <param name="Path">Relative to the strategy's folder, with <c>/</c>.</param>
/// <param name="Text">Its text.</param>
[GenerateSerializer, Immutable, Alias("decisioning.strategy-file")]
public sealed record StrategyFile([property: Id(0)] string Path, [property: Id(1)] string Text);

/// <summary>A strategy to check or publish.</summary>
/// <param name="Files">Its files, at most <see cref="Decisioning.Engine.Limits.StrategyBytesMax"/> together.</param>
/// <param name="ReplacesHash">The hash it replaces; empty for whatever is in force.</param>
[GenerateSerializer, Immutable, Alias("decisioning.publish-strategy")]
public sealed record PublishStrategy([property: Id(0)] ImmutableArray<StrategyFile> Files, [property: Id(1)] string ReplacesHash);

/// <summary>A published version of a strategy.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">1 for the first.</param>
/// <param name="Hash">SHA-256 of what was written, lower-case hex.</param>
/// <param name="PublishedAt">When.</param>
/// <param name="Files">As written.</param>
[GenerateSerializer, Immutable, Alias("decisioning.published-strategy")]
public sealed record PublishedStrategy(
    [property: Id(0)] string Name,
    [property: Id(1)] long Version,
    [property: Id(2)] string Hash,
    [property: Id(3)] DateTimeOffset PublishedAt,
    [property: Id(4)] ImmutableArray<StrategyFile> Files);

/// <summary>A mistake in a strategy, or something worth a second look.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Path">What it concerns.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Rule">The id of the check that found it.</param>
[GenerateSerializer, Immutable, Alias("decisioning.strategy-mistake")]
public sealed record StrategyMistake(
    [property: Id(0)] string File,
    [property: Id(1)] int Line,
    [property: Id(2)] int Column,
    [property: Id(3)] string Path,
    [property: Id(4)] string Message,
    [property: Id(5)] string Rule);

/// <summary>What came of checking or publishing.</summary>
/// <param name="InForce">The version in force after it; null for none, and after a mere check.</param>
/// <param name="Mistakes">All mistakes; when there are any, nothing changed.</param>
/// <param name="Replaced">Whether <see cref="PublishStrategy.ReplacesHash"/> named another version than the one in force: nothing changed.</param>
[GenerateSerializer, Immutable, Alias("decisioning.publish-reply")]
public sealed record PublishReply(
    [property: Id(0)] PublishedStrategy? InForce,
    [property: Id(1)] ImmutableArray<StrategyMistake> Mistakes,
    [property: Id(2)] bool Replaced = false)
{
    /// <summary>What is worth a second look; it stops nothing.</summary>
    [Id(3)]
    public ImmutableArray<StrategyMistake> Warnings { get; init; } = [];
}

/// <summary>The placements a strategy has treatments for.</summary>
/// <param name="Names">Each once, in the author's order.</param>
[GenerateSerializer, Immutable, Alias("decisioning.strategy-placements")]
public sealed record StrategyPlacements([property: Id(0)] ImmutableArray<string> Names);
