using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Services;

/// <summary>
/// Keeps the calls of one stream to one customer one after another. Holds an entry per customer with a call under way,
/// so at most as many as the stream's requests in flight hold.
/// </summary>
internal sealed class CustomerOrder
{
    private readonly Dictionary<CustomerKey, Task> _last = [];
    private readonly Lock _gate = new();

    /// <summary>Customers with a call under way.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _last.Count;
            }
        }
    }

    public Task<T> After<T>(CustomerKey key, Func<Task<T>> call)
    {
        lock (_gate)
        {
            var task = _last.TryGetValue(key, out var previous) && !previous.IsCompleted ? ChainAsync(previous, call) : call();
            if (!task.IsCompleted)
            {
                _last[key] = task;
                _ = ForgetAsync(key, task);
            }

            return task;
        }
    }

    /// <summary>Runs a call that only reads, after what is under way for the customer; nothing waits for it.</summary>
    public Task<T> Behind<T>(CustomerKey key, Func<Task<T>> call)
    {
        Task? previous;
        lock (_gate)
        {
            _last.TryGetValue(key, out previous);
        }

        return previous is { IsCompleted: false } ? ChainAsync(previous, call) : call();
    }

    private static async Task<T> ChainAsync<T>(Task previous, Func<Task<T>> call)
    {
        // The earlier call's failure is its own answer; this one goes on.
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await call();
    }

    private async Task ForgetAsync(CustomerKey key, Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_last.TryGetValue(key, out var last) && ReferenceEquals(last, task))
            {
                _last.Remove(key);
            }
        }
    }
}
