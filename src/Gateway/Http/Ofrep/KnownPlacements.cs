using System.Collections.Concurrent;
using System.Collections.Immutable;
using Decisioning.Contracts;
using Orleans;

namespace Decisioning.Gateway.Http.Ofrep;

/// <summary>The placements of each tenant's strategy, asked for again every second; one entry per tenant that has a key.</summary>
internal sealed class KnownPlacements(IGrainFactory grains, TimeProvider clock)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (long At, ImmutableArray<string> Names)> _known = new(StringComparer.Ordinal);

    public async ValueTask<ImmutableArray<string>> OfAsync(string tenant, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(tenant, out var known) && clock.GetElapsedTime(known.At) < KeepFor)
        {
            return known.Names;
        }

        var names = (await grains.GetGrain<IStrategyGrain>(tenant).PlacementsAsync(cancellationToken)).Names;
        _known[tenant] = (clock.GetTimestamp(), names);
        return names;
    }
}
