using Decisioning.Engine.Customers;
using Microsoft.Extensions.Logging;

namespace Decisioning.Grains.Customers;

/// <summary>
/// The states of a silo that are open: so many, and when one more is, one that was not asked for lately goes to rest. Which one is found as clocks do
/// it: a hand goes round, passes by whoever was asked for since it came by, and takes the first who was not.
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

    private readonly Lock _lock = new();
    private readonly List<HeldState> _all = [];
    private int _hand;

    /// <summary>How many are open. Any thread.</summary>
    public int Count => _all.Count;

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
            if (left.IsListed)
            {
                var last = _all[^1];
                (_all[left.Place], last.Place) = (last, left.Place);
                _all.RemoveAt(_all.Count - 1);
                left.Place = -1;
                _hand = _hand < _all.Count ? _hand : 0;
            }
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
            if (_all.Count < max || !isFull)
            {
                opened.Place = _all.Count;
                _all.Add(opened);
                return null;
            }

            for (var passedBy = 0; _all[_hand].IsUsed && passedBy < PassedByMax; passedBy++)
            {
                _all[_hand].IsUsed = false;
                _hand = (_hand + 1) % _all.Count;
            }

            // Its grain may open it again from here on, and lists it then.
            var leaving = _all[_hand];
            (opened.Place, leaving.Place) = (_hand, -1);
            _all[_hand] = opened;
            _hand = (_hand + 1) % _all.Count;
            return leaving;
        }
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
