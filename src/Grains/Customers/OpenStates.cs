using Decisioning.Engine.Customers;
using Microsoft.Extensions.Logging;

namespace Decisioning.Grains.Customers;

/// <summary>
/// The states of a silo that are open: so many, and when one more is, one that was not asked for lately goes to rest. Which one is found as clocks do
/// it: a hand goes round, passes by whoever was asked for since it came by, and takes the first who was not. Who is opened while there is no room waits
/// in a short queue first, and is among the others only when opened again before half as many came in as are open (2Q: Johnson and Shasha, VLDB 1994):
/// of a million customers asked for in turn few new states are there at a time for the collector to copy, and who is asked for all the time stays.
/// INVARIANT: who is open is listed, or is just being listed or put to rest.
/// </summary>
/// <param name="max">How many are open at once, beside those that are just being put to rest.</param>
/// <param name="write">Writes a state as it rests.</param>
/// <param name="logger">What is said.</param>
internal sealed partial class OpenStates(int max, Func<CustomerState, byte[]> write, ILogger logger)
{
    // Who was asked for again while the hand looked for so long is no worse a choice than others.
    private const int PassedByMax = 64;

    // When so many one after the other would not go to rest, one more is open.
    private const int TriesMax = 64;

    // Room for the customers of a commit or two. Of few places an eighth is the queue's, of fewer than eight none.
    private const int QueueMax = 256;
    private const int QueueShare = 8;

    // Places: among the others as they are numbered, in the queue from the largest number down; below zero for none, and then since how many came in.
    private const int InQueue = int.MaxValue - QueueMax;
    private const int Never = -1;
    private const int CameInMask = int.MaxValue >> 1;

    private readonly Lock _lock = new();
    private readonly HeldState?[] _queue = new HeldState?[Math.Min(QueueMax, max / QueueShare)];
    private readonly List<HeldState> _all = [];
    private int _hand;
    private int _next;
    private int _queued;
    private int _cameIn;

    private int OthersMax => max - _queue.Length;

    /// <summary>How many are open. Any thread.</summary>
    public int Count => _all.Count + _queued;

    /// <summary>A state as it rests.</summary>
    public byte[] Write(CustomerState state) => write(state);

    /// <summary>Lists a state that was opened, if it is not listed.</summary>
    public void Enter(HeldState opened)
    {
        // To write a state takes long: whoever else opens one must not wait for that. Who would not go to rest is open, and listed again.
        var entering = opened;
        for (var tries = 1; List(entering, isFull: tries <= TriesMax) is { } leaving && !IsAtRest(leaving); tries++)
        {
            entering = leaving;
        }
    }

    /// <summary>Takes a state off the list.</summary>
    public void Leave(HeldState left)
    {
        lock (_lock)
        {
            if (left.Place > InQueue)
            {
                _queue[int.MaxValue - left.Place] = null;
                _queued--;
            }
            else if (left.IsListed)
            {
                var last = _all[^1];
                (_all[left.Place], last.Place) = (last, left.Place);
                _all.RemoveAt(_all.Count - 1);
                _hand = _hand < _all.Count ? _hand : 0;
            }

            left.Place = Never;
        }
    }

    /// <returns>Who lost its place to it and is to rest.</returns>
    private HeldState? List(HeldState opened, bool isFull)
    {
        lock (_lock)
        {
            // It may have been listed since whoever calls looked.
            if (opened.IsListed)
            {
                return null;
            }

            // Once opened and never asked for again must not push out who is asked for all the time.
            opened.IsUsed = false;
            if (_all.Count < OthersMax || !isFull)
            {
                opened.Place = _all.Count;
                _all.Add(opened);
                return null;
            }

            // Its grain may open who is leaving again from here on, and lists it then.
            var leaving = _queue.Length == 0 || IsBackSoon(opened) ? TakePlace(opened) : Queue(opened);
            _ = leaving?.Place = -2 - _cameIn;
            return leaving;
        }
    }

    private bool IsBackSoon(HeldState opened) => opened.Place != Never && ((_cameIn - (-2 - opened.Place)) & CameInMask) <= OthersMax / 2;

    private HeldState? Queue(HeldState opened)
    {
        var first = _queue[_next];
        (_queue[_next], opened.Place) = (opened, int.MaxValue - _next);
        _queued += first is null ? 1 : 0;
        _next = (_next + 1) % _queue.Length;
        _cameIn = (_cameIn + 1) & CameInMask;
        return first;
    }

    private HeldState TakePlace(HeldState opened)
    {
        for (var passedBy = 0; _all[_hand].IsUsed && passedBy < PassedByMax; passedBy++)
        {
            _all[_hand].IsUsed = false;
            _hand = (_hand + 1) % _all.Count;
        }

        var leaving = _all[_hand];
        (_all[_hand], opened.Place) = (opened, _hand);
        _hand = (_hand + 1) % _all.Count;
        return leaving;
    }

    private bool IsAtRest(HeldState leaving)
    {
        try
        {
            return leaving.TryRest();
        }
#pragma warning disable CA1031 // Whatever it was: it is of another customer than the one whose turn this is, who must not pay for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotAtRest(logger, e);
            return false;
        }
    }

    [LoggerMessage(EventId = 103, Level = LogLevel.Error, Message = "a customer's state cannot be put to rest and stays open")]
    private static partial void LogNotAtRest(ILogger logger, Exception exception);
}
