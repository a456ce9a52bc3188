using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Sqlite;

// What is kept, page by page: pages are asked for by the position of their newest row, and read backwards from there.
internal sealed partial class SqliteStore
{
    public Task<KeptPages> FindPagesAsync(CustomerKey customer, int eventsPerPage, CancellationToken cancellationToken) =>
        KeptAsync(customer, (reader, head) => head is null ? new KeptPages([], 0) : reader.FindPages(head, eventsPerPage), cancellationToken);

    public Task<KeptEvents> ReadEventsAsync(CustomerKey customer, long page, int eventsPerPage, CancellationToken cancellationToken) =>
        KeptAsync(customer, (reader, head) => head is null ? new KeptEvents([], 0) : reader.ReadPage(head, page, eventsPerPage), cancellationToken);

    public Task<KeptDecisions> ReadDecisionsAsync(CustomerKey customer, long from, int decisionsMax, CancellationToken cancellationToken) => KeptAsync(
        customer,
        (reader, head) => head is null ? new KeptDecisions([], 0, 0) : reader.ReadDecisionPage(head, from == 0 ? head.LastDecision : from, decisionsMax),
        cancellationToken);

    public Task<KeptStates> ReadStatesAsync(CustomerKey customer, CancellationToken cancellationToken) =>
        KeptAsync(customer, (reader, head) => head is null ? new KeptStates(null, 0) : reader.ReadStates(head), cancellationToken);

    private async Task<T> KeptAsync<T>(CustomerKey customer, Func<LogReader, CustomerHead?, T> read, CancellationToken cancellationToken)
    {
        var head = _writer.FindHead(customer.Value);
        return await ReadAsync(reader => read(reader, head ?? reader.FindHead(customer.Value)), cancellationToken).ConfigureAwait(false);
    }
}
