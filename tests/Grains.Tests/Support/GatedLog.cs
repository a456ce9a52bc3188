using System.Collections.Concurrent;
using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage;

namespace Decisioning.Grains.Tests.Support;

/// <summary>The real log with a gate per customer: appends can be held back, or fail before or after they are written.</summary>
internal sealed class GatedLog(ICustomerLog inner) : ICustomerLog
{
    private readonly ConcurrentDictionary<CustomerKey, Held> _held = new();
    private readonly ConcurrentDictionary<CustomerKey, Failure> _failures = new();
    private readonly ConcurrentDictionary<CustomerKey, bool> _withoutOffers = new();
    private readonly ConcurrentDictionary<CustomerKey, Func<Task>> _afterLogRead = new();
    private readonly ConcurrentDictionary<CustomerKey, int> _appends = new();
    private readonly ConcurrentDictionary<CustomerKey, int> _loads = new();
    private readonly ConcurrentDictionary<CustomerKey, int> _questions = new();
    private readonly ConcurrentDictionary<CustomerKey, (CustomerState State, TaskCompletionSource Kept)> _snapshots = new();

    private volatile bool _isWritten;
    private int _left = int.MaxValue;

    public enum Failure
    {
        BeforeWrite,
        AfterWrite,
        Always,
        Busy,
    }

    /// <summary>After some more appends of anybody the next one fails, and all after it, as if the process had died there.</summary>
    /// <param name="appends">How many still succeed.</param>
    /// <param name="isWritten">Whether the first that fails is written all the same.</param>
    public void DieAfter(int appends, bool isWritten) => (_isWritten, _left) = (isWritten, appends + 1);

    /// <summary>Ends <see cref="DieAfter"/>.</summary>
    /// <returns>Whether it came to that.</returns>
    public bool Revive() => Interlocked.Exchange(ref _left, int.MaxValue) <= 0;

    /// <summary>Holds back the customer's next append until it is released.</summary>
    public Held Hold(CustomerKey customer) => _held[customer] = new();

    public void Fail(CustomerKey customer, Failure how) => _failures[customer] = how;

    /// <summary>From now on the log has no decisions of the customer, as if they had been dropped before they were written.</summary>
    public void LoseDecisions(CustomerKey customer) => _withoutOffers[customer] = true;

    public void Heal(CustomerKey customer) => _failures.TryRemove(customer, out _);

    public int AppendsOf(CustomerKey customer) => _appends.GetValueOrDefault(customer);

    public int QuestionsOf(CustomerKey customer) => _questions.GetValueOrDefault(customer);

    public int LoadsOf(CustomerKey customer) => _loads.GetValueOrDefault(customer);

    /// <summary>Does something once after the customer's whole log was read and before whoever asked for it gets it.</summary>
    public void AfterLogRead(CustomerKey customer, Func<Task> what) => _afterLogRead[customer] = what;

    /// <summary>Answers once a snapshot of the customer is kept.</summary>
    public async Task<CustomerState> SnapshotOfAsync(CustomerKey customer)
    {
        // No healthy machine needs so long.
        await SnapshotSlot(customer).Kept.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return SnapshotSlot(customer).State;
    }

    public async Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        _appends.AddOrUpdate(customer, 1, (_, count) => count + 1);
        if (_left < int.MaxValue && Interlocked.Decrement(ref _left) is <= 0 and var left)
        {
            if (left == 0 && _isWritten)
            {
                await inner.AppendAsync(customer, expectedSequence, events, dueAt, cancellationToken);
            }

            throw new StorageUnavailableException("the test's process is dead");
        }

        if (_held.TryRemove(customer, out var held))
        {
            held.Arrive();
            await held.Released;
        }

        if (!_failures.TryGetValue(customer, out var failure))
        {
            return await inner.AppendAsync(customer, expectedSequence, events, dueAt, cancellationToken);
        }

        switch (failure)
        {
            case Failure.Busy:
                Heal(customer);
                return new AppendResult.Busy(TimeSpan.FromMilliseconds(250));
            case Failure.AfterWrite:
                Heal(customer);
                await inner.AppendAsync(customer, expectedSequence, events, dueAt, cancellationToken);
                break;
            case Failure.BeforeWrite:
                Heal(customer);
                break;
        }

        throw new StorageUnavailableException("the test's disk is gone");
    }

    public Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken)
    {
        _questions.AddOrUpdate(customer, 1, (_, count) => count + 1);
        return _failures.GetValueOrDefault(customer, Failure.Busy) == Failure.Always
            ? throw new StorageUnavailableException("the test's disk is gone")
            : inner.FindMessagesAsync(customer, messageIds, cancellationToken);
    }

    public async Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _loads.AddOrUpdate(customer, 1, (_, count) => count + 1);
        if (_failures.GetValueOrDefault(customer, Failure.Busy) == Failure.Always)
        {
            throw new StorageUnavailableException("the test's disk is gone");
        }

        var history = await inner.LoadAsync(customer, now, cancellationToken);
        return _withoutOffers.ContainsKey(customer) ? history with { OpenOffers = [] } : history;
    }

    public async Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        var history = await inner.LoadLogAsync(customer, cancellationToken);
        if (_afterLogRead.TryRemove(customer, out var what))
        {
            await what();
        }

        return history;
    }

    public async Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken)
    {
        await inner.SaveSnapshotAsync(customer, state, cancellationToken);
        var slot = SnapshotSlot(customer);
        _snapshots[customer] = (state, slot.Kept);
        slot.Kept.TrySetResult();
    }

    public IAsyncEnumerable<ListedCustomer> CustomersAsync(string tenant, long after, CancellationToken cancellationToken) =>
        inner.CustomersAsync(tenant, after, cancellationToken);

    private (CustomerState State, TaskCompletionSource Kept) SnapshotSlot(CustomerKey customer) =>
        _snapshots.GetOrAdd(customer, _ => (CustomerState.Empty, new(TaskCreationOptions.RunContinuationsAsynchronously)));

    /// <summary>An append that waits for the test.</summary>
    internal sealed class Held
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when the append waits.</summary>
        public Task Arrived => _arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));

        internal Task Released => _released.Task;

        public void Release() => _released.SetResult();

        internal void Arrive() => _arrived.SetResult();
    }
}
