using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Policies;

/// <summary>
/// How often each cap was used by one customer at one instant: recorded contacts, open offers, and what the decision at hand has
/// chosen so far. A contact counts while it is younger than the cap's window: exactly <c>within</c> old it no longer does. One stamped
/// later than now, by a clock that runs ahead, counts: when in doubt, nobody is disturbed. An answer to an offer whose impression
/// nobody reported counts as that impression too. Reused from decision to decision; not
/// safe for concurrent use.
/// </summary>
internal sealed class CapCounts(CapIndex index)
{
    private readonly int[] _counts = new int[index.Counters];
    private readonly List<int> _touched = [];
    private readonly List<int> _usedUp = [];
    private readonly List<Counted> _counted = [];
    private readonly Stack<(int Touched, int Counted)> _choices = new();
    private readonly HashSet<(string DecisionId, string Action)> _answered = [];
    private readonly Dictionary<int, ReachedCap> _behind = [];
    private readonly OfferMark[] _few = new OfferMark[OfferShelf.FewMax];
    private DateTimeOffset _now;

    /// <summary>Counts what a customer has behind them and before them.</summary>
    /// <param name="contacts">Recorded outcomes.</param>
    /// <param name="offers">Open offers: each counts as an impression until it expires or a contact answers it.</param>
    /// <param name="tells">Whether <see cref="Reached"/> is to be asked: what counted is gathered only then.</param>
    /// <param name="decisionId">The decision at hand: its own offers do not count, so that a repeat is the same decision.</param>
    /// <param name="now">The instant.</param>
    public void Begin(ImmutableArray<Contact> contacts, OpenOffers offers, bool tells, string decisionId, DateTimeOffset now)
    {
        foreach (var counter in CollectionsMarshal.AsSpan(_touched))
        {
            _counts[counter] = 0;
        }

        _touched.Clear();
        _usedUp.Clear();
        _usedUp.AddRange(index.Closed);
        _counted.Clear();
        _choices.Clear();
        _behind.Clear();
        _now = now;
        foreach (var contact in contacts)
        {
            if (index.Counts(contact.Outcome))
            {
                Count(new(contact.Outcome, contact.Issue, contact.Group, contact.Action, contact.Channel, contact.At, DateTimeOffset.MaxValue, false));
            }
        }

        if (index.Counts(Outcome.Impression))
        {
            CountUnreported(contacts);
            CountOffers(offers, tells, decisionId);
        }
    }

    private void CountOffers(OpenOffers offers, bool tells, string decisionId)
    {
        var marks = offers.MarksFor(index, _few);
        var all = offers.All;
        var (now, decision) = (_now.UtcTicks, OfferMark.HashOf(decisionId));
        for (var i = 0; i < marks.Length; i++)
        {
            ref readonly var mark = ref marks[i];
            if (now >= mark.ExpiresAt
                || (mark.Decision == decision && all[i].DecisionId == decisionId)
                || (_answered.Count > 0 && _answered.Contains((all[i].DecisionId, all[i].Action))))
            {
                continue;
            }

            if (tells)
            {
                var offer = all[i];
                Count(new(Outcome.Impression, offer.Issue, offer.Group, offer.Action, offer.Channel, offer.At, offer.ExpiresAt, false));
                continue;
            }

            foreach (ref readonly var cap in index.OfImpressions)
            {
                if (cap.CounterOf(mark, now) is >= 0 and var counter)
                {
                    Count(cap.Cap, counter);
                }
            }
        }
    }

    /// <summary>Counts an item that the decision at hand has chosen; tells whether that used up a cap that other actions are bound by too.</summary>
    public bool Choose(string issue, string group, string action, string channel, DateTimeOffset expiresAt)
    {
        _behind.Clear();
        _choices.Push((_touched.Count, _counted.Count));
        return index.Counts(Outcome.Impression) && Count(new(Outcome.Impression, issue, group, action, channel, _now, expiresAt, true));
    }

    /// <summary>Takes back the item chosen last.</summary>
    public void TakeBack()
    {
        _behind.Clear();
        var (touched, counted) = _choices.Pop();
        for (var i = touched; i < _touched.Count; i++)
        {
            _counts[_touched[i]]--;
        }

        _touched.RemoveRange(touched, _touched.Count - touched);
        _counted.RemoveRange(counted, _counted.Count - counted);
    }

    /// <summary>The counters of caps that are reached; after something was taken back, perhaps one that no longer is.</summary>
    public ReadOnlySpan<int> UsedUp => CollectionsMarshal.AsSpan(_usedUp);

    /// <summary>Whether a cap that binds a treatment is reached.</summary>
    public bool Block(ImmutableArray<CapUse> uses)
    {
        foreach (var use in uses)
        {
            if (_counts[use.Counter] >= index.Caps[use.Cap].AtMost)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The caps that are reached among those that bind a treatment. For explanations: what counted is gathered when it is asked first.</summary>
    public IEnumerable<ReachedCap> Reached(ImmutableArray<CapUse> uses) => uses
        .Where(use => _counts[use.Counter] >= index.Caps[use.Cap].AtMost)
        .Select(use => Behind(use));

    private ReachedCap Behind(CapUse use)
    {
        if (_behind.Count == 0)
        {
            foreach (var counted in _counted)
            {
                for (var cap = 0; cap < index.Caps.Length; cap++)
                {
                    if (CounterFor(cap, counted) is >= 0 and var counter)
                    {
                        Of(new(cap, counter)).Add(counted);
                    }
                }
            }
        }

        return Of(use);

        ReachedCap Of(CapUse use)
        {
            if (!_behind.TryGetValue(use.Counter, out var reached))
            {
                _behind[use.Counter] = reached = new(index.Caps[use.Cap]);
            }

            return reached;
        }
    }

    private bool Count(Counted counted)
    {
        var (counts, usesUp) = (false, false);
        for (var cap = 0; cap < index.Caps.Length; cap++)
        {
            var counter = CounterFor(cap, counted);
            if (counter >= 0)
            {
                counts = true;
                usesUp |= Count(cap, counter) && index.Caps[cap].Scope != CapScope.Action;
            }
        }

        if (counts)
        {
            _counted.Add(counted);
        }

        return usesUp;
    }

    /// <returns>Whether that used it up.</returns>
    private bool Count(int cap, int counter)
    {
        _touched.Add(counter);
        if (++_counts[counter] < index.Caps[cap].AtMost)
        {
            return false;
        }

        _usedUp.Add(counter);
        return true;
    }

    private int CounterFor(int cap, in Counted counted)
    {
        var rule = index.Caps[cap];
        return rule.Outcome == counted.Outcome && (rule.Channel is null || rule.Channel == counted.Channel) && _now - counted.At < rule.Within
            ? index.CounterOf(cap, counted.Issue, counted.Group, counted.Action, counted.Channel)
            : -1;
    }

    // What was answered was shown, whether or not anybody said so: the first answer to an offer stands for its impression.
    private void CountUnreported(ImmutableArray<Contact> contacts)
    {
        _answered.Clear();
        foreach (var contact in contacts)
        {
            if (contact.Outcome == Outcome.Impression)
            {
                _answered.Add((contact.DecisionId, contact.Action));
            }
        }

        foreach (var contact in contacts)
        {
            if (contact.Outcome != Outcome.Impression && contact.DecisionId.Length > 0 && _answered.Add((contact.DecisionId, contact.Action)))
            {
                Count(new(Outcome.Impression, contact.Issue, contact.Group, contact.Action, contact.Channel, contact.At, DateTimeOffset.MaxValue, false));
            }
        }
    }
}

/// <summary>Something a cap counted.</summary>
/// <param name="Outcome">As which outcome.</param>
/// <param name="Issue">The issue.</param>
/// <param name="Group">The group.</param>
/// <param name="Action">The action.</param>
/// <param name="Channel">The channel.</param>
/// <param name="At">When it was.</param>
/// <param name="ExpiresAt">When it stops counting though the window still holds it: an open offer's end.</param>
/// <param name="IsChosenNow">Whether the decision at hand chose it.</param>
internal readonly record struct Counted(
    Outcome Outcome, string Issue, string Group, string Action, string Channel, DateTimeOffset At, DateTimeOffset ExpiresAt, bool IsChosenNow)
{
    /// <summary>When a window lets go of it.</summary>
    public DateTimeOffset LeavesAt(TimeSpan within)
    {
        var end = At > DateTimeOffset.MaxValue - within ? DateTimeOffset.MaxValue : At + within;
        return end < ExpiresAt ? end : ExpiresAt;
    }
}
