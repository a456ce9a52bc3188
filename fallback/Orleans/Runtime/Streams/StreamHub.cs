using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>The streams of one provider that have subscribers. What nobody subscribes to costs one look-up.</summary>
internal sealed class StreamHub
{
    private readonly ConcurrentDictionary<StreamId, StreamState> _streams = new();

    public StreamState? Find(StreamId streamId) => _streams.GetValueOrDefault(streamId);

    public void Add(StreamSubscription subscription)
    {
        lock (_streams)
        {
            _streams.GetOrAdd(subscription.StreamId, static _ => new()).Add(subscription);
        }
    }

    public void Remove(StreamSubscription subscription)
    {
        lock (_streams)
        {
            if (_streams.TryGetValue(subscription.StreamId, out var state) && state.Remove(subscription))
            {
                _streams.TryRemove(subscription.StreamId, out _);
            }
        }

        subscription.Stop();
    }
}

/// <summary>One stream: its subscriptions, and the order of its events, which is the same for all of them.</summary>
internal sealed class StreamState
{
    private readonly SemaphoreSlim _order = new(1);
    private long _sequence;

    public StreamSubscription[] Subscriptions { get; private set; } = [];

    public void Add(StreamSubscription subscription) => Subscriptions = [.. Subscriptions, subscription];

    /// <summary>Takes a subscription out; true when it was the last.</summary>
    public bool Remove(StreamSubscription subscription)
    {
        Subscriptions = [.. Subscriptions.Where(each => each != subscription)];
        return Subscriptions.Length == 0;
    }

    /// <summary>Queues an event for all subscribers; waits where the queue of one is full.</summary>
    public async Task PublishAsync(object? item)
    {
        await _order.WaitAsync();
        try
        {
            var token = new SequenceToken(++_sequence);
            foreach (var subscription in Subscriptions)
            {
                await subscription.QueueAsync(item, token);
            }
        }
        finally
        {
            _order.Release();
        }
    }
}

internal sealed class SequenceToken(long sequenceNumber) : StreamSequenceToken
{
    public override long SequenceNumber { get; protected set; } = sequenceNumber;

    public override int EventIndex { get; protected set; }

    public override bool Equals(StreamSequenceToken? other) => other is not null && SequenceNumber == other.SequenceNumber && EventIndex == other.EventIndex;

    public override int CompareTo(StreamSequenceToken? other) =>
        other is null ? 1 : (SequenceNumber, EventIndex).CompareTo((other.SequenceNumber, other.EventIndex));

    public override string ToString() => $"[EventSequenceToken: SeqNum={SequenceNumber}, EventIndex={EventIndex}]";
}
