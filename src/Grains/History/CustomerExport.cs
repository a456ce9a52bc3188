using Decisioning.Contracts.Messages;
using Decisioning.Storage;

namespace Decisioning.Grains.History;

/// <summary>Reads what is kept of a customer, page by page.</summary>
internal sealed class CustomerExport(IKeptRows kept, IDecisionLog log)
{
    /// <summary>What a page holds at most: an event is 256 KB at the very most, and 1 KB mostly.</summary>
    private const int RowsPerPage = 200;

    /// <summary>Where the pages of the log begin.</summary>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    public async Task<ExportPages> PagesAsync(ExportPagesRequest request, CancellationToken cancellationToken)
    {
        var pages = await kept.FindPagesAsync(request.Customer, RowsPerPage, cancellationToken);
        return new(pages.Starts, pages.Missing);
    }

    /// <summary>A page.</summary>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    public async Task<ExportPage> PageAsync(ExportPageRequest request, CancellationToken cancellationToken)
    {
        if (request.Part == ExportPart.Decisions)
        {
            var decisions = await log.ReadDecisionsAsync(request.Customer, request.From, RowsPerPage, cancellationToken);
            return new([], [.. decisions.Decisions.Select(record => new ExportedDecision(record.Request, record.Decision))], decisions.Next, decisions.Unreadable);
        }

        var page = await kept.ReadEventsAsync(request.Customer, request.From, RowsPerPage, cancellationToken);
        return new([.. page.Events.Select(recorded => new ExportedEvent(recorded.Sequence, recorded.Event, recorded.StrategyVersion))], [], 0, page.Unreadable);
    }
}
