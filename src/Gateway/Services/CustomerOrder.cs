using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Services;

/// <summary>
/// Keeps the calls of one stream to one customer one after another. Holds an entry per customer with a call under way, and for a
/// while of those whose call has ended: at most as many again, or <see cref="EndedMax"/>.
/// </summary>
internal sealed class CustomerOrder
{
    /// <summary>Ended calls that are always let lie: looking through them all the time would cost more than they weigh.</summary>
    public const int EndedMax = 64;

    private readonly Dictionary<CustomerKey, Task> _last = [];
    private readonly Lock _gate = new();
    private int _sweepAt = EndedMax;

    /// <summary>Customers held.</summary>
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

    /// <summary>Runs a call after the customer's last one.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="state">What the call needs: handed over, so that a call need not be made a closure.</param>
    /// <param name="call">The call.</param>
    public Task<T> After<TState, T>(CustomerKey key, TState state, Func<TState, Task<T>> call)
    {
        lock (_gate)
        {
            var task = _last.TryGetValue(key, out var previous) && !previous.IsCompleted ? ChainAsync(previous, state, call) : call(state);
            if (!task.IsCompleted)
            {
                _last[key] = task;
                Sweep();
            }

            return task;
        }
    }

    /// <summary>Runs a call that only reads, after what is under way for the customer; nothing waits for it.</summary>
    public Task<T> Behind<TState, T>(CustomerKey key, TState state, Func<TState, Task<T>> call)
    {
        Task? previous;
        lock (_gate)
        {
            _last.TryGetValue(key, out previous);
        }

        return previous is { IsCompleted: false } ? ChainAsync(previous, state, call) : call(state);
    }

    private static async Task<T> ChainAsync<TState, T>(Task previous, TState state, Func<TState, Task<T>> call)
    {
        // The earlier call's failure is its own answer; this one goes on.
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await call(state);
    }

    // When as many have ended as are under way, each call pays for one look.
    private void Sweep()
    {
        if (_last.Count <= _sweepAt)
        {
            return;
        }

        foreach (var (key, task) in _last)
        {
            if (task.IsCompleted)
            {
                _last.Remove(key);
            }
        }

        _sweepAt = Math.Max(EndedMax, 2 * _last.Count);
    }
}
