using System.Collections.Concurrent;
using System.Threading.Channels;
using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>A subscription with its queue, worked off one event at a time.</summary>
internal abstract class StreamSubscription
{
    /// <summary>Events that may wait for one subscriber before its publishers wait too: 1,000 × about 1 KB = 1 MB.</summary>
    private const int QueueMax = 1000;

    private readonly Channel<(object? Item, SequenceToken Token)> _queue =
        Channel.CreateBounded<(object?, SequenceToken)>(new BoundedChannelOptions(QueueMax) { SingleReader = true });

    protected StreamSubscription(StreamId streamId, object consumer)
    {
        (StreamId, Consumer) = (streamId, consumer);
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(DeliverAsync);
        }
    }

    public Guid Id { get; } = Guid.NewGuid();

    public StreamId StreamId { get; }

    /// <summary>Who subscribes: a grain's id, or a client.</summary>
    public object Consumer { get; }

    public ValueTask QueueAsync(object? item, SequenceToken token) =>
        _queue.Writer.TryWrite((item, token)) ? default : WaitAsync(item, token);

    public void Stop() => _queue.Writer.TryComplete();

    protected abstract Task DeliverAsync(object? item, SequenceToken token);

    private async ValueTask WaitAsync(object? item, SequenceToken token)
    {
        try
        {
            await _queue.Writer.WriteAsync((item, token));
        }
        catch (ChannelClosedException)
        {
            // The subscriber left while its publisher waited for it.
        }
    }

    private async Task DeliverAsync()
    {
        await foreach (var (item, token) in _queue.Reader.ReadAllAsync())
        {
            await DeliverAsync(item, token);
        }
    }
}

/// <summary>A client's subscription: its observer is called on the thread pool.</summary>
internal sealed class ClientSubscription<T>(StreamId streamId, object consumer, IAsyncObserver<T> observer) : StreamSubscription(streamId, consumer)
{
    public IAsyncObserver<T> Observer { get; set; } = observer;

    protected override async Task DeliverAsync(object? item, SequenceToken token)
    {
        try
        {
            await Observer.OnNextAsync((T)item!, token);
        }
        catch (Exception exception)
        {
            await Observer.OnErrorAsync(exception).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>The observers of an activation's subscriptions.</summary>
internal sealed class StreamObservers
{
    public ConcurrentDictionary<Guid, object> ById { get; } = new();
}

/// <summary>A grain's subscription: each event is a request of the grain, activating it where need be.</summary>
internal sealed class GrainSubscription<T>(StreamId streamId, GrainReference grain) : StreamSubscription(streamId, grain.GrainId)
{
    protected override Task DeliverAsync(object? item, SequenceToken token)
    {
        var delivery = new Delivery(this, (T)item!, token);
        grain.Send(delivery, inline: false);
        return delivery.Done;
    }

    private sealed class Delivery(GrainSubscription<T> subscription, T item, SequenceToken token) : GrainTurn
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        internal override void Publish()
        {
        }

        private protected override Task? Work(Activation activation) => RunAsync(activation) is { IsCompleted: false } running ? running : null;

        internal override void Finish() => _done.TrySetResult();

        internal override void Reject(Exception exception) => _done.TrySetResult();

        private async Task RunAsync(Activation activation)
        {
            if (activation.GetComponent<StreamObservers>()?.ById.GetValueOrDefault(subscription.Id) is not IAsyncObserver<T> observer)
            {
                activation.Silo.LogStreamWithoutObserver(subscription.StreamId, activation.GrainId);
                return;
            }

            try
            {
                await observer.OnNextAsync(item, token);
            }
            catch (Exception exception)
            {
                activation.Silo.LogStreamFailure(subscription.StreamId, exception);
                await observer.OnErrorAsync(exception).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }
}
