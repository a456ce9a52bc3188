using System.Collections.Immutable;
using NodaTime;

namespace Decisioning.Engine.Policies;

/// <summary>Hours of the customer's day in which nothing is sent on some channels.</summary>
/// <param name="Path">Where it stands in the strategy: the id that reasons give.</param>
/// <param name="From">When they begin, on the customer's clock.</param>
/// <param name="Until">When they end (exclusive), on the same day or, if not after <paramref name="From"/>, on the next.</param>
/// <param name="Channels">The channels that rest.</param>
public sealed record QuietHours(string Path, LocalTime From, LocalTime Until, ImmutableArray<string> Channels);
