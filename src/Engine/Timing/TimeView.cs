using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Timing;

/// <summary>A customer looked at, at one instant after another, without an event. Serves one search at a time.</summary>
internal sealed class TimeView(TimePlan plan)
{
    private readonly Known<DateTimeOffset>[] _segments = new Known<DateTimeOffset>[plan.Segments.Length];
    private Known<(bool IsRead, Dyn Value)>[] _terms = [];
    private Known<bool>[] _tests = [];
    private Known<DateTimeOffset>[] _nexts = [];
    private readonly Known<DateTimeOffset>[] _locals = new Known<DateTimeOffset>[(int)LocalUnit.Day + 1];
    private long _look;

    public Facts Facts { get; } = new(plan.Strategy);

    public Strategy Strategy => plan.Strategy;

    public CustomerState State { get; private set; } = CustomerState.Empty;

    public DateTimeOffset Now => Facts.Now;

    /// <summary>From here on nothing is looked for: whoever foresees nothing before it may say never.</summary>
    public DateTimeOffset End { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>The customer at other instants than the one looked at, for what reads nothing but the local time.</summary>
    public Facts Ahead { get; } = new(plan.Strategy);

    /// <summary>Where the customer stands with a score; null for nothing added yet.</summary>
    public ScoreState? ScoreOf(Score score)
    {
        foreach (var state in State.Scores)
        {
            if (state.Name == score.Name)
            {
                return state;
            }
        }

        return null;
    }

    /// <summary>Turns to a customer at an instant.</summary>
    public void Turn(CustomerState state, DateTimeOffset at) => Turn(state, at, state.Context);

    /// <summary>Turns to a customer at an instant, in a situation.</summary>
    public void Turn(CustomerState state, DateTimeOffset at, PropertyMap context)
    {
        State = state;
        _look++;
        Facts.Look(state, at, null, context);
    }

    /// <summary>The first instant after now at which a segment may begin or cease to hold.</summary>
    public DateTimeOffset NextOfSegment(int index)
    {
        if (_segments[index].Look != _look)
        {
            _segments[index] = new(_look, plan.Segments[index].Next(this));
        }

        return _segments[index].Value;
    }

    /// <summary>The first instant after now at which the local time may read differently.</summary>
    public DateTimeOffset NextLocal(LocalUnit unit)
    {
        ref var known = ref _locals[(int)unit];
        if (known.Look != _look)
        {
            known = new(_look, Facts.NextLocal(unit));
        }

        return known.Value;
    }

    /// <summary>Reads a term.</summary>
    public bool TryRead(TimedTerm term, out Dyn value)
    {
        ref var known = ref At(ref _terms, term.Index);
        if (known.Look != _look)
        {
            var isRead = term.Reader.TryRead(Facts, out var read);
            known = new(_look, (isRead, read));
        }

        value = known.Value.Value;
        return known.Value.IsRead;
    }

    /// <summary>Whether a test holds.</summary>
    public bool Holds(TimedTest test)
    {
        ref var known = ref At(ref _tests, test.Index);
        if (known.Look == _look)
        {
            return known.Value;
        }

        var holds = test.Holds(this);
        known = new(_look, holds);
        return holds;
    }

    /// <summary>The first instant after now at which a test may come out differently.</summary>
    public DateTimeOffset Next(TimedTest test)
    {
        if (At(ref _nexts, test.Index).Look != _look)
        {
            var next = test.Next(this);
            At(ref _nexts, test.Index) = new(_look, next);
        }

        return At(ref _nexts, test.Index).Value;
    }

    // Conditions that are asked for later bring tests of their own.
    private static ref Known<T> At<T>(ref Known<T>[] known, int index)
    {
        if (index >= known.Length)
        {
            Array.Resize(ref known, Math.Max(index + 1, 2 * known.Length));
        }

        return ref known[index];
    }

    // What was worked out, and at which look: nothing is cleared from one to the next.
    private readonly record struct Known<T>(long Look, T Value);
}
