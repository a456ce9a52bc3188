using System.Collections.Immutable;
using System.Numerics;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Timing;

/// <summary>
/// Finds the next instant at which time alone may change a customer's state: goes from one instant at which something reads differently to the
/// next, and looks at what reads it as a step of the fold would, up to the first at which that changes something. Nothing is missed: between
/// these instants everything reads as before.
/// </summary>
internal sealed class ForesightSearch
{
    // What it costs to ask an item, in gates: few items are asked without looking at the gates.
    private const int GatesPerItem = 3;

    [ThreadStatic]
    private static ForesightSearch? _idle;

    private readonly TimePlan _plan;
    private readonly NamedBits _rules;
    private readonly NamedBits _segments;
    private readonly DateTimeOffset[] _nexts;
    private readonly int[] _asked;
    private readonly ulong[] _timed;
    private readonly ulong[] _untimed;
    private readonly ulong[] _carried;
    private CustomerState _state = CustomerState.Empty;
    private readonly long[] _openings;
    private readonly int[] _gates;
    private int _askedCount;
    private int _gateCount;
    private int _opened;
    private bool _isRead;

    private ForesightSearch(Strategy strategy)
    {
        _plan = TimePlan.Of(strategy);
        _rules = new NamedBits(StrategyPlan.Of(strategy).RuleIds);
        _segments = new NamedBits(StrategyPlan.Of(strategy).SegmentNames);
        View = new TimeView(_plan);
        _nexts = new DateTimeOffset[_plan.Timed.Length];
        _asked = new int[_plan.Timed.Length];
        _openings = new long[_plan.Gates.Length];
        _gates = new int[_plan.Gates.Length];
        _timed = new ulong[_plan.TimedReaders.Words];
        _untimed = new ulong[_plan.UntimedReaders.Words];
        _carried = new ulong[(StrategyPlan.Of(strategy).Things + 63) / 64];
    }

    public TimeView View { get; }

    /// <summary>Takes an instance that this thread used before, or a new one; <see cref="Find"/> leaves it for the next.</summary>
    public static ForesightSearch Rent(Strategy strategy)
    {
        var idle = _idle;
        return idle is not null && ReferenceEquals(idle._plan.Strategy, strategy) ? idle : new ForesightSearch(strategy);
    }

    public bool IsHeld(int rule)
    {
        ReadNames();
        return _rules[rule];
    }

    public bool IsIn(int segment)
    {
        ReadNames();
        return _segments[segment];
    }

    /// <summary>The next instant; <see cref="DateTimeOffset.MaxValue"/> for never.</summary>
    /// <param name="state">The customer, folded with this strategy.</param>
    /// <param name="asOf">The instant the state stands at.</param>
    /// <param name="end">From here on nothing is looked for: an instant not before it says that there is none before it.</param>
    /// <param name="touched">Only what reads one of these things is asked (<see cref="Touched.Things"/>); null for all.</param>
    public DateTimeOffset Find(CustomerState state, DateTimeOffset asOf, DateTimeOffset end, ulong[]? touched)
    {
        (_state, _isRead) = (state, false);
        var least = end;
        foreach (var tag in state.Tags)
        {
            least = tag.ExpiresAt is { } expires && expires > asOf && expires < least ? expires : least;
        }

        View.Turn(state, asOf);
        View.End = least;
        if (!state.Carried.IsEmpty && WouldChange(state.Carried))
        {
            least = Earlier(least, asOf + Limits.FollowUp);
        }

        Ask(touched);
        for (var looks = 0; looks < (touched is null ? Limits.ForesightLooksMax : Limits.ForesightLooksPerEvent); looks++)
        {
            var next = Least();
            if (next >= least)
            {
                break;
            }

            View.Turn(state, next);
            if (IsChangedAt(next))
            {
                least = next;
                break;
            }
        }

        least = Earlier(least, Least());
        View.Turn(CustomerState.Empty, asOf);
        View.End = DateTimeOffset.MaxValue;
        _state = CustomerState.Empty;
        _idle = this;
        return least;
    }

    // What depends on one of the things, and when it may change at the earliest.
    private void Ask(ulong[]? touched)
    {
        (_askedCount, _gateCount, _opened) = (0, 0, 0);
        _plan.TimedReaders.Find(touched, _timed);
        if (CountOf(_timed) * GatesPerItem <= _gates.Length)
        {
            AskFirst(_timed);
            return;
        }

        for (var gate = 0; gate < _gates.Length; gate++)
        {
            if (_plan.Gates[gate].Next(View) is var opens && opens < View.End)
            {
                (_openings[_gateCount], _gates[_gateCount]) = (opens.UtcTicks, gate);
                _gateCount++;
            }
        }

        Array.Sort(_openings, _gates, 0, _gateCount);
        AskFirst(_plan.Ungated);
    }

    // When each of these may change first, but for those that were asked. Asked later than at the search's first instant: nothing they read changed since.
    private DateTimeOffset AskFirst(ulong[] items)
    {
        var least = DateTimeOffset.MaxValue;
        for (var word = 0; word < items.Length; word++)
        {
            for (var rest = items[word] & _timed[word]; rest != 0; rest &= rest - 1)
            {
                var item = (word << 6) + BitOperations.TrailingZeroCount(rest);
                _nexts[item] = _plan.Timed[item].Next(this);
                if (_nexts[item] < View.End)
                {
                    _asked[_askedCount++] = item;
                    least = Earlier(least, _nexts[item]);
                }
            }

            _timed[word] &= ~items[word];
        }

        return least;
    }

    // Names are looked up when one is asked for: mostly none is.
    private void ReadNames()
    {
        if (!_isRead)
        {
            _rules.Read(_state.RulesHeld);
            _segments.Read(_state.Segments);
            _isRead = true;
        }
    }

    // Only right after something changed after the turn of what reads it: else all is as the last step left it.
    private bool WouldChange(ImmutableArray<string> carried)
    {
        var things = StrategyPlan.Of(_plan.Strategy);
        Array.Clear(_carried);

        // Rules that are told of a transition may add points after the grades had their turn, whoever else reads them.
        foreach (var name in carried)
        {
            Carry(things.Find(name));
        }

        foreach (var score in things.Scores)
        {
            Carry(score);
        }

        _plan.UntimedReaders.Find(_carried, _untimed);
        _plan.TimedReaders.Find(_carried, _timed);
        return WouldChange(_plan.Untimed, _untimed) || WouldChange(_plan.Timed, _timed);
    }

    private void Carry(Readers? readers)
    {
        if (readers is not null)
        {
            _carried[readers.Index >> 6] |= 1UL << (readers.Index & 63);
        }
    }

    private bool WouldChange(ImmutableArray<TimedItem> items, ulong[] asked)
    {
        for (var word = 0; word < asked.Length; word++)
        {
            for (var rest = asked[word]; rest != 0; rest &= rest - 1)
            {
                if (items[(word << 6) + BitOperations.TrailingZeroCount(rest)].WouldChange(this))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Looks at what may change at an instant; what does not gets its next one.
    private bool IsChangedAt(DateTimeOffset instant)
    {
        foreach (var i in _asked.AsSpan(0, _askedCount))
        {
            if (_nexts[i] == instant)
            {
                if (_plan.Timed[i].WouldChange(this))
                {
                    return true;
                }

                _nexts[i] = _plan.Timed[i].Next(this);
            }
        }

        return false;
    }

    private DateTimeOffset Least()
    {
        var least = DateTimeOffset.MaxValue;
        foreach (var i in _asked.AsSpan(0, _askedCount))
        {
            least = Earlier(least, _nexts[i]);
        }

        while (_opened < _gateCount && _openings[_opened] <= least.UtcTicks)
        {
            least = Earlier(least, AskFirst(_plan.Gates[_gates[_opened++]].Items));
        }

        return least;
    }

    private static int CountOf(ReadOnlySpan<ulong> items)
    {
        var count = 0;
        foreach (var word in items)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
