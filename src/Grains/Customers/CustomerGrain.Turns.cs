using Decisioning.Contracts;
using Decisioning.Contracts.Messages;

namespace Decisioning.Grains.Customers;

// Who writes: one at a time, in the order they came. The runtime lets those who record events in at any time, so that what waits for a
// commit can share the next one; all others who write take their turns among them.
public sealed partial class CustomerGrain
{
    // A commit takes some milliseconds, and as many wait as were taken at once.
    private static readonly TimeSpan WaitingRetryAfter = TimeSpan.FromMilliseconds(500);

    private bool _isWriting;

    // Made by the first who waits: mostly nobody does.
    private WaitingWrites? _waiting;

    /// <summary>Waits for the turn to write; what is given back ends it.</summary>
    private async ValueTask<WriteTurn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_isWriting)
        {
            await WaitAsync(new(request: null, arrived: 0, cancellationToken));
        }

        _isWriting = true;
        return new(this);
    }

    private Task<RecordReply?> WaitAsync(WaitingWrite write)
    {
        (_waiting ??= new()).Add(write);
        return write.Task;
    }

    private async Task<RecordReply> RecordInTurnAsync(RecordRequest request, CancellationToken cancellationToken)
    {
        if (_waiting?.Events + request.Events.Length > services.Options.CustomerEventsWaitingMax)
        {
            services.Meter.RateExceeded(request.Events.Length);
            throw new TooManyEventsException(
                "more events of one customer wait for the log than may; none of these was recorded: repeat in a while with the same ids", WaitingRetryAfter);
        }

        if (await WaitAsync(new(request, services.Clock.GetTimestamp(), cancellationToken)) is { } reply)
        {
            return reply;
        }

        using var turn = new WriteTurn(this);
        return IsRecordedHere(request)
            ? await CommitAsync(request.Events, hashes: default, Commit.Shared, _recorded, cancellationToken)
            : await RecordOrPassOnAsync(request, cancellationToken);
    }

    // What was written is with the state, or nobody knows: whoever is next finds either as it is.
    private void EndTurn()
    {
        if (_waiting?.TakeNext() is { } next)
        {
            next.SetResult(null);
            return;
        }

        (_isWriting, _waiting) = (false, null);
    }

    private readonly struct WriteTurn(CustomerGrain grain) : IDisposable
    {
        public void Dispose() => grain.EndTurn();
    }
}
