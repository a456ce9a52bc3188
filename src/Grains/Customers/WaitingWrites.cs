using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;

namespace Decisioning.Grains.Customers;

/// <summary>
/// A write that waits for its turn. Its result is null when that has come, or the answer when another write took its events along.
/// </summary>
/// <param name="request">The events; null for a write that takes none along and goes along with none.</param>
/// <param name="arrived">When it came, as a timestamp of the clock.</param>
/// <param name="cancellationToken">Its caller has gone.</param>
internal sealed class WaitingWrite(RecordRequest? request, long arrived, CancellationToken cancellationToken)
    : TaskCompletionSource<RecordReply?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long Arrived { get; } = arrived;

    public ImmutableArray<CustomerEvent> Events { get; } = request?.Events ?? [];

    /// <summary>Whether another's commit may take it along: whoever names identities has them looked at first.</summary>
    public bool MayGoAlong { get; } = request is { Identities.IsEmpty: true };

    /// <summary>What becomes of its events, once it goes along.</summary>
    public Recording? Recording { get; set; }

    /// <summary>Whether nobody waits for it any more; then it is ended.</summary>
    public bool EndIfAbandoned() => cancellationToken.IsCancellationRequested && TrySetCanceled(cancellationToken);
}

/// <summary>The writes of one customer that wait for the one under way, in the order they came. For the customer's grain alone.</summary>
internal sealed class WaitingWrites
{
    private readonly Queue<WaitingWrite> _all = new();

    /// <summary>Events that wait.</summary>
    public int Events { get; private set; }

    public void Add(WaitingWrite write)
    {
        _all.Enqueue(write);
        Events += write.Events.Length;
    }

    /// <summary>Takes the next one; null when there is none.</summary>
    public WaitingWrite? TakeNext()
    {
        while (_all.Count > 0)
        {
            if (Take() is var next && !next.EndIfAbandoned())
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>Takes those that come next and may go along with a commit.</summary>
    /// <param name="eventsMax">Events at most, of all of them together.</param>
    /// <returns>Null for none.</returns>
    public List<WaitingWrite>? TakeAlong(int eventsMax)
    {
        List<WaitingWrite>? along = null;
        while (_all.TryPeek(out var next) && next.MayGoAlong && next.Events.Length <= eventsMax)
        {
            if (!Take().EndIfAbandoned())
            {
                (along ??= []).Add(next);
                eventsMax -= next.Events.Length;
            }
        }

        return along;
    }

    private WaitingWrite Take()
    {
        var next = _all.Dequeue();
        Events -= next.Events.Length;
        return next;
    }
}
