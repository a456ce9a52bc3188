using Decisioning.Contracts.Messages;
using Decisioning.Storage;

namespace Decisioning.Grains.History;

/// <summary>Reads what is kept of a customer, page by page.</summary>
internal sealed class CustomerExport(ICustomerLog log, IDecisionLog decisions)
{
    /// <summary>What a page holds at most: an event is 256 KB at the very most, and 1 KB mostly.</summary>
    private const int RowsPerPage = 200;

    /// <summary>A page.</summary>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    public Task<ExportPage> PageAsync(ExportPageRequest request, CancellationToken cancellationToken) =>
        request.Part == ExportPart.Decisions ? DecisionsAsync(request, cancellationToken) : EventsAsync(request, cancellationToken);

    private async Task<ExportPage> EventsAsync(ExportPageRequest request, CancellationToken cancellationToken)
    {
        var history = await log.LoadLogAsync(request.Customer, cancellationToken);
        ExportedEvent[] page =
        [
            .. history.Tail
                .SkipWhile(recorded => recorded.Sequence <= request.After)
                .Take(RowsPerPage)
                .Select(recorded => new ExportedEvent(recorded.Sequence, recorded.Event, recorded.StrategyVersion)),
        ];
        return new([.. page], [], page.Length == RowsPerPage ? page[^1].Sequence : 0);
    }

    private async Task<ExportPage> DecisionsAsync(ExportPageRequest request, CancellationToken cancellationToken)
    {
        var page = await decisions.ReadAsync(request.Customer, cancellationToken)
            .Skip((int)request.After)
            .Take(RowsPerPage)
            .Select(record => new ExportedDecision(record.Request, record.Decision))
            .ToArrayAsync(cancellationToken);
        return new([], [.. page], page.Length == RowsPerPage ? request.After + page.Length : 0);
    }
}
