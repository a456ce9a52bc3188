using System.Collections.Concurrent;
using Decisioning.Engine.Customers;
using Orleans;

namespace Decisioning.Grains.Tests.Support;

/// <summary>
/// Knows when a call has come as far as it comes by itself: until it waits, or to its end; and when its caller's leaving has come there. Calls made at
/// once reach a grain in any order; those made one after the other's arrival in theirs.
/// </summary>
internal sealed class Arrivals : IIncomingGrainCallFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Arrived> _of = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var arrivals = Of(context.TargetId.Key.ToString()!);

        // The first to register is the last to be told: what the grain does when a caller goes has begun by then.
        await using var told = context.Request.GetCancellationToken().Register(arrivals.Add);
        var running = context.Invoke();
        arrivals.Add();
        await running;
    }

    /// <summary>Makes a call of a customer's grain, to which nobody else makes one meanwhile, and waits for its arrival.</summary>
    /// <returns>The call, which goes on.</returns>
    public async Task<Task<T>> MadeAsync<T>(CustomerKey customer, Func<Task<T>> call)
    {
        var next = Of(customer.Value).NextAsync();
        var made = call();
        await next.WaitAsync(Patience);
        return made;
    }

    /// <summary>Cancels a call that arrived at a customer's grain, and waits until the grain has heard of it: its caller is told sooner.</summary>
    public async Task CancelAsync(CustomerKey customer, CancellationTokenSource call)
    {
        var next = Of(customer.Value).NextAsync();
        await call.CancelAsync();
        await next.WaitAsync(Patience);
    }

    private Arrived Of(string key) => _of.GetOrAdd(key, static _ => new());

    private sealed class Arrived
    {
        private TaskCompletionSource _next = New();

        public Task NextAsync() => Volatile.Read(ref _next).Task;

        public void Add() => Interlocked.Exchange(ref _next, New()).SetResult();

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
