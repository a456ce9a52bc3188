using Decisioning.Engine.Customers;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Timing;

/// <summary>
/// Finds the next instant at which time alone may change a customer's state: for each thing the instants at which what it reads changes, one
/// after the other, each looked at as a step of the fold would, up to the first at which the step would change something. Nothing is missed:
/// between these instants everything reads as before.
/// </summary>
internal sealed class ForesightSearch
{
    [ThreadStatic]
    private static ForesightSearch? _idle;

    private readonly TimePlan _plan;
    private readonly NamedBits _rules;
    private readonly NamedBits _segments;

    private ForesightSearch(Strategy strategy)
    {
        _plan = TimePlan.Of(strategy);
        _rules = new NamedBits(StrategyPlan.Of(strategy).RuleIds);
        _segments = new NamedBits(StrategyPlan.Of(strategy).SegmentNames);
        View = new TimeView(_plan);
    }

    public TimeView View { get; }

    /// <summary>Takes an instance that this thread used before, or a new one; <see cref="Find(CustomerState, DateTimeOffset)"/> leaves it for the next.</summary>
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
    public DateTimeOffset Find(CustomerState state, DateTimeOffset asOf)
    {
        _rules.Read(state.RulesHeld);
        _segments.Read(state.Segments);
        var least = DateTimeOffset.MaxValue;
        foreach (var tag in state.Tags)
        {
            least = tag.ExpiresAt is { } end && end > asOf && end < least ? end : least;
        }

        View.Turn(state, asOf);
        if (!state.Carried.IsEmpty && _plan.Untimed.Any(item => item.WouldChange(this)))
        {
            least = Earlier(least, asOf + Limits.FollowUp);
        }

        var looks = Limits.ForesightLooksMax;
        foreach (var item in _plan.Timed)
        {
            least = Earlier(least, Find(item, state, asOf, least, ref looks));
        }

        View.Turn(CustomerState.Empty, asOf);
        _idle = this;
        return least;
    }

    private DateTimeOffset Find(TimedItem item, CustomerState state, DateTimeOffset asOf, DateTimeOffset least, ref int looks)
    {
        if (View.Now != asOf)
        {
            View.Turn(state, asOf);
        }

        if (item.WouldChange(this))
        {
            return asOf + Limits.FollowUp;
        }

        for (var step = 0; ; step++)
        {
            var next = item.Next(this);
            if (next >= least)
            {
                return DateTimeOffset.MaxValue;
            }

            if (step == Limits.ForesightStepsMax || looks == 0)
            {
                return next;
            }

            looks--;
            View.Turn(state, next);
            if (item.WouldChange(this))
            {
                return next;
            }
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
