using System.Collections.Concurrent;
using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage;

namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>A log that fails as disks and networks do, at points that each customer's script chooses.</summary>
/// <param name="inner">The log.</param>
/// <param name="scripts">The scripts; a customer without one meets with no fault.</param>
internal sealed class FaultyLog(ICustomerLog inner, ConcurrentDictionary<CustomerKey, FaultScript> scripts) : ICustomerLog
{
    private int _conflicts;

    /// <summary>Appends that lost to another activation.</summary>
    public int Conflicts => _conflicts;

    public async Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        var script = scripts.GetValueOrDefault(customer);
        if (script?.TakeHold(events) is { } held && !await held.WaitAsync())
        {
            throw Failed();
        }

        switch (script?.NextAppend() ?? AppendFault.None)
        {
            case AppendFault.BeforeWrite:
                throw Failed();
            case AppendFault.AfterWrite:
                await inner.AppendAsync(customer, expectedSequence, events, dueAt, cancellationToken);
                throw Failed();
            case AppendFault.Busy:
                return new AppendResult.Busy(TimeSpan.FromMilliseconds(1));
            case AppendFault.Late:
                await Task.Yield();
                break;
        }

        var result = await inner.AppendAsync(customer, expectedSequence, events, dueAt, cancellationToken);
        if (result is AppendResult.SequenceConflict)
        {
            Interlocked.Increment(ref _conflicts);
        }

        return result;
    }

    public Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken) =>
        scripts.GetValueOrDefault(customer)?.NextLoadFails() == true ? throw Failed() : inner.FindMessagesAsync(customer, messageIds, cancellationToken);

    public Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken) =>
        scripts.GetValueOrDefault(customer)?.NextLoadFails() == true ? throw Failed() : inner.LoadAsync(customer, now, cancellationToken);

    public Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken) => inner.LoadLogAsync(customer, cancellationToken);

    public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken) =>
        scripts.GetValueOrDefault(customer)?.SnapshotFails(state.Sequence) == true ? throw Failed() : inner.SaveSnapshotAsync(customer, state, cancellationToken);

    public IAsyncEnumerable<ListedCustomer> CustomersAsync(string tenant, long after, CancellationToken cancellationToken) =>
        inner.CustomersAsync(tenant, after, cancellationToken);

    private static StorageUnavailableException Failed() => new("the script says so");
}
