using Orleans;

namespace Decisioning.Engine.Replaying;

/// <summary>Where what was made again is not what was.</summary>
/// <param name="Name">The part, e.g. <c>items[0].priority</c>, <c>tags.keen</c>.</param>
/// <param name="Recorded">How it was, at most <see cref="Differences.TextCharsMax"/> characters; empty for not there.</param>
/// <param name="Again">How it comes out now, likewise.</param>
[GenerateSerializer, Immutable, Alias("decisioning.difference")]
public sealed record Difference(
    [property: Id(0)] string Name,
    [property: Id(1)] string Recorded,
    [property: Id(2)] string Again);
