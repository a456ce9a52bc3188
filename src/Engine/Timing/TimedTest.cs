using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Runtime;
using NodaTime;

namespace Decisioning.Engine.Timing;

/// <summary>A test of one term, or its opposite. One for all conditions of a strategy that have the same, so that it is asked once per look.</summary>
/// <param name="index">Its place among the tests of the strategy.</param>
/// <param name="leaf">The test.</param>
/// <param name="isNegated">Whether its opposite is meant.</param>
/// <param name="term">What it reads.</param>
/// <param name="sources">By what time alone changes it; empty for nothing.</param>
/// <param name="onlyCeases">Whether time alone can only make it cease to hold.</param>
internal sealed class TimedTest(int index, Leaf leaf, bool isNegated, TimedTerm term, ImmutableArray<TimeSource> sources, bool onlyCeases)
{
    private readonly LocalUnit? _clock =
        leaf.Term is { IsRead: true } read && read.Text.StartsWith("now.", StringComparison.Ordinal) && sources is [TimeSource.Local local] ? local.Unit : null;

    // What the clock said last. Most customers are in one zone, and ask within one span of it.
    private ClockSpan? _span;

    public int Index => index;

    public bool IsTimed => sources.Length > 0;

    /// <summary>By what time alone changes it.</summary>
    public ImmutableArray<TimeSource> Sources => sources;

    /// <summary>Whether it tests the clock, so that it knows by itself when it changes.</summary>
    public bool IsOfClock => _clock is not null;

    public bool OnlyCeases => onlyCeases;

    /// <summary>Whether it holds; ask <see cref="TimeView.Holds(TimedTest)"/>, which remembers.</summary>
    public bool Holds(TimeView view) => view.TryRead(term, out var value) && IsSo(value);

    /// <summary>When it may change; ask <see cref="TimeView.Next(TimedTest)"/>, which remembers.</summary>
    public DateTimeOffset Next(TimeView view)
    {
        var next = DateTimeOffset.MaxValue;
        if (onlyCeases && !view.Holds(this))
        {
            return next;
        }

        if (_clock is { } unit)
        {
            return NextOfClock(view, unit);
        }

        foreach (var source in sources)
        {
            var change = source.Next(view);
            next = change < next ? change : next;
        }

        return next;
    }

    // Most hours change nothing about `now.hour >= 9`; where it does is told by the clock alone.
    private DateTimeOffset NextOfClock(TimeView view, LocalUnit unit)
    {
        var zone = view.Facts.Zone;
        if (_span is { } span && ReferenceEquals(span.Zone, zone) && span.From <= view.Now && view.Now < span.Next)
        {
            return span.Next;
        }

        var holds = view.Holds(this);
        var facts = view.Ahead;
        facts.Look(view.State, view.Now, null, view.Facts.Context);
        var next = facts.NextLocal(unit);
        for (var step = 0; step < Limits.ClockStepsMax && next < DateTimeOffset.MaxValue; step++)
        {
            facts.Look(view.State, next, null, view.Facts.Context);
            if ((term.Reader.TryRead(facts, out var value) && IsSo(value)) != holds)
            {
                break;
            }

            next = facts.NextLocal(unit);
        }

        _span = new(zone, view.Now, next);
        return next;
    }

    // From one instant up to another the test comes out the same in a zone, and is looked at again at that other.
    private sealed record ClockSpan(DateTimeZone Zone, DateTimeOffset From, DateTimeOffset Next);

    private bool IsSo(Dyn value) => leaf.Test(value) == (isNegated ? Truth.False : Truth.True);
}
