using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Timing;

/// <summary>Something of a customer's state that a step of the fold may change because of the time alone. A closed set.</summary>
internal abstract class TimedItem
{
    private TimedItem()
    {
    }

    /// <summary>Whether a step at the instant looked at would change it.</summary>
    public abstract bool WouldChange(ForesightSearch search);

    /// <summary>The first instant after the one looked at at which a step may change it; asked where none would now.</summary>
    public abstract DateTimeOffset Next(ForesightSearch search);

    /// <summary>Whether a rule holds, whose effects come with it.</summary>
    internal sealed class OfRule(Rule rule, TimedCondition all) : TimedItem
    {
        // What time alone cannot bring about, and so must be there already for anything to come of the time.
        private readonly TimedCondition[] _given = [.. all.Conjuncts.Where(part => !part.CanBegin)];

        public override bool WouldChange(ForesightSearch search) => all.Holds(search.View) != search.IsHeld(rule.Index);

        public override DateTimeOffset Next(ForesightSearch search)
        {
            foreach (var part in _given)
            {
                if (!part.Holds(search.View))
                {
                    return DateTimeOffset.MaxValue;
                }
            }

            return all.Next(search.View);
        }
    }

    /// <summary>Whether the customer belongs to a segment.</summary>
    internal sealed class OfSegment(Segment segment) : TimedItem
    {
        public override bool WouldChange(ForesightSearch search) => search.View.Facts.InSegment(segment.Index) != search.IsIn(segment.Index);

        public override DateTimeOffset Next(ForesightSearch search) => search.View.NextOfSegment(segment.Index);
    }

    /// <summary>Where the customer stands with a stage.</summary>
    internal sealed class OfStage(Stage stage, TimedCondition enter, TimedCondition? exit) : TimedItem
    {
        public override bool WouldChange(ForesightSearch search) =>
            StageMachine.Step(stage, StageMachine.Find(search.View.State.Stages, stage.Name), search.View.Facts) is not null;

        public override DateTimeOffset Next(ForesightSearch search)
        {
            var view = search.View;
            var state = StageMachine.Find(view.State.Stages, stage.Name);
            var asked = StageMachine.AskedFrom(stage, state);
            var next = asked > view.Now ? asked
                : state is { IsIn: true } || enter.Holds(view) ? exit?.Next(view) ?? DateTimeOffset.MaxValue
                : enter.Next(view);
            return StageMachine.EndsAt(stage, state) is { } end && end > view.Now && end < next ? end : next;
        }
    }

    /// <summary>The grade of a score.</summary>
    internal sealed class OfGrade(Score score) : TimedItem
    {
        private readonly TimeSource _source = new TimeSource.Grade(score);

        public override bool WouldChange(ForesightSearch search)
        {
            foreach (var state in search.View.State.Scores)
            {
                if (state.Name == score.Name)
                {
                    return score.GradeOf(score.RankAt(state, search.View.Now)) != state.Grade;
                }
            }

            return false;
        }

        public override DateTimeOffset Next(ForesightSearch search) => _source.Next(search.View);
    }
}
