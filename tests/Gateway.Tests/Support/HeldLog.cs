using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage;

namespace Decisioning.Gateway.Tests.Support;

/// <summary>The real log; a test can hold back what is written to it or loaded from it.</summary>
internal sealed class HeldLog(ICustomerLog inner) : ICustomerLog
{
    private volatile TaskCompletionSource? _appends;
    private volatile TaskCompletionSource? _loads;

    private readonly TaskCompletionSource _calledOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _appendsWaiting;

    /// <summary>Appends that were held back so far.</summary>
    public int AppendsWaiting => Volatile.Read(ref _appendsWaiting);

    /// <summary>Ends when a held append's caller no longer waits for it.</summary>
    public Task CalledOff => _calledOff.Task;

    /// <summary>From now on appends wait until the source is completed.</summary>
    public TaskCompletionSource HoldAppends() => _appends = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on loads wait until the source is completed.</summary>
    public TaskCompletionSource HoldLoads() => _loads = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        if (_appends is { } held)
        {
            Interlocked.Increment(ref _appendsWaiting);
            await using var _ = cancellationToken.UnsafeRegister(_ => _calledOff.TrySetResult(), null);
            await held.Task;
        }

        // What has its place in the queue is followed to its end.
        return await inner.AppendAsync(customer, expectedSequence, events, dueAt, CancellationToken.None);
    }

    public async Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await (_loads?.Task ?? Task.CompletedTask);
        return await inner.LoadAsync(customer, now, cancellationToken);
    }

    public Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken) =>
        inner.FindMessagesAsync(customer, messageIds, cancellationToken);

    public Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken) => inner.LoadLogAsync(customer, cancellationToken);

    public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken) => inner.SaveSnapshotAsync(customer, state, cancellationToken);

    public IAsyncEnumerable<ListedCustomer> CustomersAsync(string tenant, long after, CancellationToken cancellationToken) =>
        inner.CustomersAsync(tenant, after, cancellationToken);
}
