using Decisioning.Contracts.Messages;
using Orleans;

namespace Decisioning.Contracts;

/// <summary>What was, of the customers of a tenant, by the tenant's name: reads logs and makes again what they tell of. Stateless.</summary>
[Alias("decisioning.history")]
public interface IHistoryGrain : IGrainWithStringKey
{
    /// <summary>A customer as known at an instant.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached.</exception>
    [Alias("state-at")]
    Task<StateAtReply> StateAtAsync(StateAtQuestion request, CancellationToken cancellationToken = default);

    /// <summary>Where the pages of a customer's log begin.</summary>
    /// <exception cref="StoreUnavailableException">The store could not be reached.</exception>
    [Alias("export-pages")]
    Task<ExportPages> FindExportPagesAsync(ExportPagesRequest request, CancellationToken cancellationToken = default);

    /// <summary>A page of what is kept of a customer: the events of one page, or the decisions, newest first. What is damaged is left out and counted.</summary>
    /// <exception cref="StoreUnavailableException">The store could not be reached.</exception>
    [Alias("export")]
    Task<ExportPage> ExportAsync(ExportPageRequest request, CancellationToken cancellationToken = default);

    /// <summary>Makes the decisions of some customers again: bounded work for each call.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached.</exception>
    [Alias("replay")]
    Task<ReplayPage> ReplayAsync(ReplayPageRequest request, CancellationToken cancellationToken = default);

    /// <summary>Compares the states of some customers with their logs: bounded work for each call.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached.</exception>
    [Alias("verify")]
    Task<VerifyPage> VerifyAsync(VerifyPageRequest request, CancellationToken cancellationToken = default);
}
