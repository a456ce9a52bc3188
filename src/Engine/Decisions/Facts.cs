using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// What conditions are evaluated on: a customer's state, an instant, and the event or request at hand, seen through a
/// strategy. One instance serves many evaluations, one after another; it is not safe for concurrent use.
/// The compiled expressions call the readers below; each is pure for one <see cref="Look"/>.
/// </summary>
public sealed class Facts(Strategy strategy)
{
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
        State = state;
        Now = now;
        Event = @event;
        Context = context;
    }
}
