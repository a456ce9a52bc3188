using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Memory;

// What is kept, page by page: pages are asked for by the sequence before their first event.
public sealed partial class MemoryStore
{
    private const string Place = "memory";

    /// <summary>From now on an event of a customer cannot be read, as if its bits had been flipped on a disk.</summary>
    public void Damage(CustomerKey customer, long sequence)
    {
        lock (_lock)
        {
            RowsOf(customer).Damaged.Add(sequence);
        }
    }

    /// <inheritdoc/>
    public Task<KeptPages> FindPagesAsync(CustomerKey customer, int eventsPerPage, CancellationToken cancellationToken) => KeptAsync(customer, rows =>
        new KeptPages([.. Enumerable.Range(0, ((rows?.Events.Count ?? 0) + eventsPerPage - 1) / eventsPerPage).Select(page => (long)page * eventsPerPage)], 0), cancellationToken);

    /// <inheritdoc/>
    public Task<KeptEvents> ReadEventsAsync(CustomerKey customer, long page, int eventsPerPage, CancellationToken cancellationToken) => KeptAsync(customer, rows =>
    {
        var some = rows?.Events.Skip((int)page).Take(eventsPerPage).OfType<RecordedEvent>().ToList() ?? [];
        some.ForEach(RequireKnown);
        return new KeptEvents([.. some.Where(recorded => !rows!.Damaged.Contains(recorded.Sequence))], some.Count(recorded => rows!.Damaged.Contains(recorded.Sequence)));
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<KeptDecisions> ReadDecisionsAsync(CustomerKey customer, long from, int decisionsMax, CancellationToken cancellationToken) => KeptAsync(customer, rows =>
    {
        var end = from == 0 ? rows?.Decisions.Count ?? 0 : (int)Math.Min(from, rows?.Decisions.Count ?? 0);
        var first = Math.Max(0, end - decisionsMax);
        return new KeptDecisions(rows is null ? [] : [.. rows.Decisions.Take(first..end).Reverse()], 0, first);
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<KeptStates> ReadStatesAsync(CustomerKey customer, CancellationToken cancellationToken) =>
        KeptAsync(customer, rows => new KeptStates(rows?.Snapshot ?? rows?.Base, 0), cancellationToken);

    private Task<T> KeptAsync<T>(CustomerKey customer, Func<CustomerRows?, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            try
            {
                return NextFault() is not null ? Task.FromException<T>(Failed()) : Task.FromResult(read(_customers.GetValueOrDefault(customer.Value)));
            }
            catch (NewerFormException e)
            {
                return Task.FromException<T>(Codecs.Damage.Unreadable(Place, e));
            }
        }
    }

    /// <summary>Why a customer's log cannot be read whole; null when it can.</summary>
    private StorageUnavailableException? Unreadable(CustomerKey customer)
    {
        if (!_customers.TryGetValue(customer.Value, out var rows))
        {
            return null;
        }

        if (rows.Damaged.Count > 0)
        {
            return new("the store was told that a row is damaged") { IsDamage = true };
        }

        try
        {
            rows.Events.OfType<RecordedEvent>().ToList().ForEach(RequireKnown);
            return null;
        }
        catch (NewerFormException e)
        {
            return Codecs.Damage.Unreadable(Place, e);
        }
    }

    private static void RequireKnown(RecordedEvent recorded) => NewerFormException.ThrowIfNewer(recorded.Event.Type, recorded.Sequence);
}
