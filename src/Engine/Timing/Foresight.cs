using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Timing;

/// <summary>When a condition may come out differently although nothing happens.</summary>
internal static class Foresight
{
    [ThreadStatic]
    private static TimeView? _idle;

    /// <summary>
    /// The first instant after the one looked at at which time alone may make the condition hold where it does not, or cease to hold where it
    /// does; until then it stays as it is. Who wants the change itself looks at that instant and, if there is none, asks on from there.
    /// <see cref="DateTimeOffset.MaxValue"/> for never. A condition that computes with time in a way that is not foreseen is said to change every
    /// <see cref="Limits.UnforeseenStep"/>.
    /// </summary>
    /// <param name="facts">Looking at a customer at an instant, without an event.</param>
    /// <param name="condition">A condition of the strategy.</param>
    public static DateTimeOffset NextChange(Facts facts, Condition condition)
    {
        var plan = TimePlan.Of(facts.Strategy);
        var view = _idle is { } idle && ReferenceEquals(idle.Strategy, facts.Strategy) ? idle : new TimeView(plan);
        _idle = null;
        view.Turn(facts.State, facts.Now, facts.Context);
        var next = plan.Of(condition).Next(view);
        view.Turn(CustomerState.Empty, default);
        _idle = view;
        return next;
    }
}
