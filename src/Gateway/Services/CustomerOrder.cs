using System.Runtime.InteropServices;
using Decisioning.Contracts.Messages;
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

    private readonly Dictionary<CustomerKey, Call> _last = [];
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
            var task = _last.TryGetValue(key, out var last) && !last.Task.IsCompleted ? ChainAsync(last.Task, state, call) : call(state);
            Keep(key, new(task, null));
            return task;
        }
    }

    /// <summary>
    /// Records events after the customer's last call, and in one call with all others that wait for it: each by itself would wait for a commit of its own.
    /// Events that name identities or wait for other customers' are recorded by themselves.
    /// </summary>
    /// <param name="key">The customer.</param>
    /// <param name="events">The events.</param>
    /// <param name="before">What has to succeed first; null for nothing.</param>
    /// <param name="state">What the call needs.</param>
    /// <param name="call">Records events of the customer.</param>
    public Task<RecordReply> Record<TState>(
        CustomerKey key, RecordRequest events, Task? before, TState state, Func<TState, CustomerKey, RecordRequest, Task?, Task<RecordReply>> call)
    {
        if (before is not null || !events.Identities.IsEmpty)
        {
            return After(key, (state, key, events, before, call), static last => last.call(last.state, last.key, last.events, last.before));
        }

        lock (_gate)
        {
            if (!_last.TryGetValue(key, out var last) || last.Task.IsCompleted)
            {
                var task = call(state, key, events, null);
                Keep(key, new(task, null));
                return task;
            }

            if (last.Gathered is { } waiting && waiting.TryAdd(events, out var reply))
            {
                return reply;
            }

            var gathered = new GatheredEvents(events);
            gathered.Whole = ChainAsync(last.Task, (order: this, gathered, state, key, call), static next => next.call(next.state, next.key, next.order.Close(next.gathered), null));
            Keep(key, new(gathered.Whole, gathered));
            return gathered.First;
        }
    }

    /// <summary>Runs a call that only reads, after what is under way for the customer; nothing waits for it.</summary>
    public Task<T> Behind<TState, T>(CustomerKey key, TState state, Func<TState, Task<T>> call)
    {
        Task? previous;
        lock (_gate)
        {
            previous = _last.GetValueOrDefault(key).Task;
        }

        return previous is { IsCompleted: false } ? ChainAsync(previous, state, call) : call(state);
    }

    private static async Task<T> ChainAsync<TState, T>(Task previous, TState state, Func<TState, Task<T>> call)
    {
        // The earlier call's failure is its own answer; this one goes on.
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await call(state);
    }

    private RecordRequest Close(GatheredEvents gathered)
    {
        lock (_gate)
        {
            return gathered.Close();
        }
    }

    private void Keep(CustomerKey key, Call call)
    {
        if (!call.Task.IsCompleted)
        {
            _last[key] = call;
            Sweep();
        }
    }

    // When as many have ended as are under way, each call pays for one look.
    private void Sweep()
    {
        if (_last.Count <= _sweepAt)
        {
            return;
        }

        foreach (var (key, call) in _last)
        {
            if (call.Task.IsCompleted)
            {
                _last.Remove(key);
            }
        }

        _sweepAt = Math.Max(EndedMax, 2 * _last.Count);
    }

    /// <summary>A customer's last call.</summary>
    /// <param name="Task">The call.</param>
    /// <param name="Gathered">What it is to record, while it waits for the one before; null for other calls.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Call(Task Task, GatheredEvents? Gathered);
}
