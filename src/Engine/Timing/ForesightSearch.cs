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
    [ThreadStatic]
    private static ForesightSearch? _idle;

    private readonly TimePlan _plan;
    private readonly NamedBits _rules;
    private readonly NamedBits _segments;
    private readonly DateTimeOffset[] _nexts;
    private readonly int[] _asked;
    private int _askedCount;

    private ForesightSearch(Strategy strategy)
    {
        _plan = TimePlan.Of(strategy);
        _rules = new NamedBits(StrategyPlan.Of(strategy).RuleIds);
        _segments = new NamedBits(StrategyPlan.Of(strategy).SegmentNames);
        View = new TimeView(_plan);
        _nexts = new DateTimeOffset[_plan.Timed.Length];
        _asked = new int[_plan.Timed.Length];
    }

    public TimeView View { get; }

    /// <summary>Takes an instance that this thread used before, or a new one; <see cref="Find"/> leaves it for the next.</summary>
    public static ForesightSearch Rent(Strategy strategy)
    {
        var idle = _idle;
        return idle is not null && ReferenceEquals(idle._plan.Strategy, strategy) ? idle : new ForesightSearch(strategy);
    }

    public bool IsHeld(int rule) => _rules[rule];

    public bool IsIn(int segment) => _segments[segment];

    /// <summary>The next instant; <see cref="DateTimeOffset.MaxValue"/> for never.</summary>
    /// <param name="state">The customer, folded with this strategy.</param>
    /// <param name="asOf">The instant the state stands at.</param>
    /// <param name="end">From here on nothing is looked for: an instant not before it says that there is none before it.</param>
    /// <param name="touched">Only what reads one of these things is asked (<see cref="Touched.Things"/>); null for all.</param>
    public DateTimeOffset Find(CustomerState state, DateTimeOffset asOf, DateTimeOffset end, ulong[]? touched)
    {
        _rules.Read(state.RulesHeld);
        _segments.Read(state.Segments);
        var least = end;
        foreach (var tag in state.Tags)
        {
            least = tag.ExpiresAt is { } expires && expires > asOf && expires < least ? expires : least;
        }

        View.Turn(state, asOf);
        if (!state.Carried.IsEmpty && WouldChange())
        {
            least = Earlier(least, asOf + Limits.FollowUp);
        }

        _askedCount = 0;
        for (var i = 0; i < _nexts.Length; i++)
        {
            if (touched is null || _plan.Reads(i, touched))
            {
                _asked[_askedCount++] = i;
                _nexts[i] = _plan.Timed[i].Next(this);
            }
        }

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
        _idle = this;
        return least;
    }

    // Only right after something changed after its turn: else all is as the last step left it.
    private bool WouldChange()
    {
        foreach (var item in _plan.Untimed)
        {
            if (item.WouldChange(this))
            {
                return true;
            }
        }

        foreach (var item in _plan.Timed)
        {
            if (item.WouldChange(this))
            {
                return true;
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

        return least;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
