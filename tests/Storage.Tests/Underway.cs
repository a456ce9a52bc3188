using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Decisioning.Storage.Tests;

/// <summary>Customers who keep writing to a log until they are stopped, and what was acknowledged to each.</summary>
internal sealed class Underway : IAsyncDisposable
{
    private const int Customers = 8;

    private readonly ConcurrentDictionary<int, long> _acknowledged = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _writing;

    public Underway(ICustomerLog log) => _writing = Task.WhenAll(Enumerable.Range(0, Customers).Select(number => Task.Run(() => WriteAsync(log, number))));

    /// <summary>What is acknowledged at this moment, by customer; waits for the first hundred events of each.</summary>
    public async Task<ImmutableDictionary<int, long>> AcknowledgedAsync()
    {
        await Task.WhenAny(_warm.Task, _writing);
        return _acknowledged.ToImmutableDictionary();
    }

    /// <summary>Holds a store made of a copy to what was acknowledged before the copy was begun, to whole logs, and to going on.</summary>
    public static async Task AssertHoldsAsync(ICustomerLog restored, ImmutableDictionary<int, long> acknowledged)
    {
        Assert.Equal(Customers, acknowledged.Count);
        foreach (var (number, sequence) in acknowledged)
        {
            var history = await restored.LoadLogAsync(Samples.Customer(number), CancellationToken.None);
            Assert.InRange(history.Sequence, sequence, long.MaxValue);
            var samples = new Samples(number);
            Assert.Equal(Enumerable.Range(1, (int)history.Sequence).Select(i => samples.Event(i)), history.Tail);
            Assert.Equal(history.Sequence, (await restored.LoadAsync(Samples.Customer(number), Samples.Start, CancellationToken.None)).Sequence);

            // It goes on: what is new is written, what is there is known.
            var (next, repeat) = (new Samples(77).Event(history.Sequence + 1), history.Tail[0] with { Sequence = history.Sequence + 2 });
            Assert.Equal(AppendResult.Done, await restored.AppendAsync(Samples.Customer(number), history.Sequence, [next], dueAt: null, CancellationToken.None));
            Assert.IsType<AppendResult.KnownMessages>(await restored.AppendAsync(Samples.Customer(number), history.Sequence + 1, [repeat], dueAt: null, CancellationToken.None));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing;
        _stopping.Dispose();
    }

    private async Task WriteAsync(ICustomerLog log, int number)
    {
        var samples = new Samples(number);
        for (var sequence = 0L; !_stopping.IsCancellationRequested; sequence++)
        {
            Assert.Equal(AppendResult.Done, await log.AppendAsync(Samples.Customer(number), sequence, [samples.Event(sequence + 1)], dueAt: null, CancellationToken.None));
            _acknowledged[number] = sequence + 1;
            if (sequence % 50 == 49)
            {
                await log.SaveSnapshotAsync(Samples.Customer(number), new() { Sequence = sequence + 1 }, CancellationToken.None);
            }

            if (_acknowledged.Count == Customers && _acknowledged.Values.Min() >= 100)
            {
                _warm.TrySetResult();
            }
        }
    }
}
