using Decisioning.Contracts.Messages;
using Orleans;

namespace Decisioning.Contracts;

/// <summary>The strategy of a tenant, by the tenant's name: checks, publishes and gives out versions.</summary>
[Alias("decisioning.strategy")]
public interface IStrategyGrain : IGrainWithStringKey
{
    /// <summary>The version in force (0) or an older one; null when there is none.</summary>
    [Alias("get")]
    Task<PublishedStrategy?> GetAsync(long version, CancellationToken cancellationToken = default);

    /// <summary>All mistakes of a strategy.</summary>
    [Alias("validate")]
    Task<PublishReply> ValidateAsync(PublishStrategy request, CancellationToken cancellationToken = default);

    /// <summary>Puts a strategy without mistakes in force; the same content again changes nothing.</summary>
    [Alias("publish")]
    Task<PublishReply> PublishAsync(PublishStrategy request, CancellationToken cancellationToken = default);

    /// <summary>The placements that the strategy in force has treatments for; none while there is no strategy.</summary>
    [Alias("placements")]
    Task<StrategyPlacements> PlacementsAsync(CancellationToken cancellationToken = default);
}
