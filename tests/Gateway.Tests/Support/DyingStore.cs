using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Decisioning.Storage.Memory;

namespace Decisioning.Gateway.Tests.Support;

/// <summary>A store that a test lets die at any write of the log and of erasures, as if the process had been killed there.</summary>
internal sealed class DyingStore(MemoryStore inner) : ICustomerLog, IErasure
{
    private int _left = int.MaxValue;
    private bool _isWritten;

    /// <summary>What happens after each erasure, before its answer.</summary>
    public Action<CustomerKey> Erased { get; set; } = _ => { };

    /// <summary>What an append waits for.</summary>
    public Func<CustomerKey, Task> BeforeAppend { get; set; } = _ => Task.CompletedTask;

    /// <summary>After some more writes of anybody the next one fails, and all after it.</summary>
    /// <param name="writes">How many still succeed.</param>
    /// <param name="isWritten">Whether the first that fails is written all the same.</param>
    public void DieAfter(int writes, bool isWritten) => (_isWritten, _left) = (isWritten, writes + 1);

    /// <summary>Ends <see cref="DieAfter"/>.</summary>
    /// <returns>Whether it came to that.</returns>
    public bool Revive() => Interlocked.Exchange(ref _left, int.MaxValue) <= 0;

    public async Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        await BeforeAppend(customer);
        return await WriteAsync(() => inner.AppendAsync(customer, expectedSequence, events, dueAt, cancellationToken));
    }

    public async Task<ErasedRows> EraseAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        var erased = await WriteAsync(() => inner.EraseAsync(customer, cancellationToken));
        Erased(customer);
        return erased;
    }

    public Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken) => inner.LoadAsync(customer, now, cancellationToken);

    public Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken) =>
        inner.FindMessagesAsync(customer, messageIds, cancellationToken);

    public Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken) => inner.LoadLogAsync(customer, cancellationToken);

    public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken) => inner.SaveSnapshotAsync(customer, state, cancellationToken);

    public IAsyncEnumerable<ListedCustomer> CustomersAsync(string tenant, long after, CancellationToken cancellationToken) => inner.CustomersAsync(tenant, after, cancellationToken);

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        if (_left < int.MaxValue && Interlocked.Decrement(ref _left) is <= 0 and var left)
        {
            if (left == 0 && _isWritten)
            {
                await write();
            }

            throw new StorageUnavailableException("the test's process is dead");
        }

        return await write();
    }
}
