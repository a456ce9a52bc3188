using System.Collections.Concurrent;
using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage;

namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>A log that fails as disks and networks do, at points that each customer's script chooses.</summary>
internal sealed class FaultyLog(ICustomerLog inner) : ICustomerLog
{
    private readonly ConcurrentDictionary<CustomerKey, FaultScript> _scripts = new();

    /// <summary>Lets a customer's calls meet with faults.</summary>
    public void Play(CustomerKey customer, FaultScript script) => _scripts[customer] = script;

    /// <summary>No call meets with faults from now on.</summary>
    public void Heal() => _scripts.Clear();

    public async Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        var script = _scripts.GetValueOrDefault(customer);
        if (script?.TakeHold() is { } held && !await held.WaitAsync())
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

        return await inner.AppendAsync(customer, expectedSequence, events, dueAt, cancellationToken);
    }

    public Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken) =>
        _scripts.GetValueOrDefault(customer)?.NextLoadFails() == true ? throw Failed() : inner.LoadAsync(customer, now, cancellationToken);

    public Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken) => inner.LoadLogAsync(customer, cancellationToken);

    public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken) =>
        _scripts.GetValueOrDefault(customer)?.SnapshotFails(state.Sequence) == true ? throw Failed() : inner.SaveSnapshotAsync(customer, state, cancellationToken);

    public IAsyncEnumerable<CustomerKey> CustomersAsync(string tenant, CustomerKey? after, CancellationToken cancellationToken) =>
        inner.CustomersAsync(tenant, after, cancellationToken);

    private static StorageUnavailableException Failed() => new("the script says so");
}
