using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Timing;

/// <summary>A customer looked at, at one instant after another, without an event. Serves one search at a time.</summary>
internal sealed class TimeView(TimePlan plan)
{
    private readonly DateTimeOffset[] _segments = new DateTimeOffset[plan.Segments.Length];
    private readonly long[] _known = new long[plan.Segments.Length];
    private long _look;

    public Facts Facts { get; } = new(plan.Strategy);

    public Strategy Strategy => plan.Strategy;

    public CustomerState State { get; private set; } = CustomerState.Empty;

    public DateTimeOffset Now => Facts.Now;

    /// <summary>Turns to a customer at an instant.</summary>
    public void Turn(CustomerState state, DateTimeOffset at) => Turn(state, at, state.Context);

    /// <summary>Turns to a customer at an instant, in a situation.</summary>
    public void Turn(CustomerState state, DateTimeOffset at, PropertyMap context)
    {
        State = state;
        _look++;
        Facts.Look(state, at, null, context);
    }

    /// <summary>The first instant after now at which a segment may begin or cease to hold. Worked out once per look.</summary>
    public DateTimeOffset NextOfSegment(int index)
    {
        if (_known[index] != _look)
        {
            _segments[index] = plan.Segments[index].Next(this);
            _known[index] = _look;
        }

        return _segments[index];
    }
}
