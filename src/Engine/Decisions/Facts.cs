using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// What conditions are evaluated on: a customer's state, an instant, and the event or request at hand, seen through a
/// strategy. One instance serves many evaluations, one after another; it is not safe for concurrent use.
/// The compiled expressions call its readers; each is pure for one <see cref="Look(CustomerState, DateTimeOffset, CustomerEvent?, PropertyMap)"/>
/// and none throws, whatever the data.
/// </summary>
/// <param name="strategy">The strategy conditions are read through.</param>
public sealed partial class Facts(Strategy strategy)
{
    [ThreadStatic]
    private static Facts? _idle;

    // One cell per segment: the look that answered last, doubled, plus the answer. No clearing between looks.
    private readonly long[] _segments = new long[strategy.Segments.Length];
    private long _look;
    private FeatureCells.Builder? _folding;

    /// <summary>The strategy it is seen through.</summary>
    public Strategy Strategy { get; } = strategy;

    /// <summary>The customer.</summary>
    public CustomerState State { get; private set; } = CustomerState.Empty;

    /// <summary>The instant.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The event at hand; null in a decision.</summary>
    public CustomerEvent? Event { get; private set; }

    /// <summary>The situation: the event's or request's context laid over the newest known.</summary>
    public PropertyMap Context { get; private set; } = PropertyMap.Empty;

    /// <summary>Turns to a customer, an instant and an event or request.</summary>
    public void Look(CustomerState state, DateTimeOffset now, CustomerEvent? @event, PropertyMap context)
    {
        _folding = null;
        Turn(state, now, @event, context);
    }

    /// <summary>Takes an instance that this thread used before, or a new one. Give it back with <see cref="Return"/>.</summary>
    internal static Facts Rent(Strategy strategy)
    {
        var idle = _idle;
        _idle = null;
        return idle is not null && ReferenceEquals(idle.Strategy, strategy) ? idle : new Facts(strategy);
    }

    /// <summary>Gives an instance back; it forgets the customer.</summary>
    internal static void Return(Facts facts)
    {
        facts.Look(CustomerState.Empty, default, null, PropertyMap.Empty);
        _idle = facts;
    }

    /// <summary>Turns to an event in the middle of a fold: features are read from the cells being built.</summary>
    internal void LookWhileFolding(CustomerState state, FeatureCells.Builder features, DateTimeOffset now, CustomerEvent @event, PropertyMap context)
    {
        _folding = features;
        Turn(state, now, @event, context);
    }

    /// <summary>The same look after the event was counted.</summary>
    internal void Recount(CustomerState state)
    {
        _counted++;
        Refresh(state);
    }

    /// <summary>The same look after something of the state changed.</summary>
    internal void Refresh(CustomerState state)
    {
        _look++;
        if (!ReferenceEquals(State.Profile, state.Profile))
        {
            ForgetLocalTime();
        }

        State = state;
    }

    /// <summary>Whether the customer belongs to a segment now. Answered once per look.</summary>
    /// <param name="index">The segment's <see cref="Segment.Index"/>.</param>
    public bool InSegment(int index)
    {
        var known = _segments[index];
        if (known >> 1 == _look)
        {
            return (known & 1) != 0;
        }

        var belongs = Strategy.Segments[index].When.Test(this) == Truth.True;
        _segments[index] = (_look << 1) | (belongs ? 1L : 0L);
        return belongs;
    }

    private void Turn(CustomerState state, DateTimeOffset now, CustomerEvent? @event, PropertyMap context)
    {
        _look++;
        _counted++;
        State = state;
        Now = now;
        Event = @event;
        Context = context;
        ForgetLocalTime();
    }
}
