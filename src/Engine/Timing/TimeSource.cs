using Decisioning.Engine.Decisions;
using Decisioning.Engine.Scoring;

namespace Decisioning.Engine.Timing;

/// <summary>Something by which time alone changes what a condition reads. A closed set.</summary>
internal abstract record TimeSource
{
    private TimeSource()
    {
    }

    /// <summary>
    /// The first instant after the one looked at from which on the reading may be another; <see cref="DateTimeOffset.MaxValue"/> for never.
    /// Between the two it is what it is now.
    /// </summary>
    public abstract DateTimeOffset Next(TimeView view);

    /// <summary>The customer's local time.</summary>
    public sealed record Local(LocalUnit Unit) : TimeSource
    {
        public override DateTimeOffset Next(TimeView view) => view.NextLocal(Unit);
    }

    /// <summary>A feature, whose events leave its window.</summary>
    public sealed record Feature(int Slot) : TimeSource
    {
        public override DateTimeOffset Next(TimeView view) =>
            view.State.Features.NextChangeAt(view.Strategy.Features[Slot], view.Now) ?? DateTimeOffset.MaxValue;
    }

    /// <summary>A tag, which expires.</summary>
    public sealed record Tag(string Name) : TimeSource
    {
        public override DateTimeOffset Next(TimeView view)
        {
            foreach (var tag in view.State.Tags)
            {
                if (tag.Name == Name && tag.ExpiresAt is { } end && end > view.Now)
                {
                    return end;
                }
            }

            return DateTimeOffset.MaxValue;
        }
    }

    /// <summary>A segment, whose condition depends on time.</summary>
    public sealed record Segment(int Index) : TimeSource
    {
        public override DateTimeOffset Next(TimeView view) => view.NextOfSegment(Index);
    }

    /// <summary>The grade of a score, which fades.</summary>
    public sealed record Grade(Score Score) : TimeSource
    {
        public override DateTimeOffset Next(TimeView view)
        {
            if (view.ScoreOf(Score) is not { } state || Score.RankAt(state, view.Now) is not (> 0 and var rank))
            {
                return DateTimeOffset.MaxValue;
            }

            var limit = Score.Grades[rank - 1].Threshold - Score.Hysteresis;
            return Fading.First(Score, state, (view.Now, view.End), limit, rank, static (score, state, rank, at) => score.RankAt(state, at) != rank);
        }
    }

    /// <summary>A score that is compared with a fixed number.</summary>
    public sealed record Points(Score Score, double Limit) : TimeSource
    {
        public override DateTimeOffset Next(TimeView view)
        {
            if (view.ScoreOf(Score) is not { } state)
            {
                return DateTimeOffset.MaxValue;
            }

            // Down to it, and below it: which of the two counts depends on the comparison.
            var points = Score.PointsAt(state, view.Now);
            return points > Limit ? Fading.First(Score, state, (view.Now, view.End), Limit, Limit, static (score, state, limit, at) => score.PointsAt(state, at) <= limit)
                : points == Limit ? Fading.First(Score, state, (view.Now, view.End), Limit, Limit, static (score, state, limit, at) => score.PointsAt(state, at) < limit)
                : DateTimeOffset.MaxValue;
        }
    }

    /// <summary>How long ago, or how far ahead, an instant is, compared with a fixed duration.</summary>
    /// <param name="Since">Reads the instant; null when there is none.</param>
    /// <param name="Span">The duration; negative for ahead.</param>
    public sealed record Age(Func<TimeView, DateTimeOffset?> Since, TimeSpan Span) : TimeSource
    {
        public override DateTimeOffset Next(TimeView view)
        {
            if (Since(view) is not { } since)
            {
                return DateTimeOffset.MaxValue;
            }

            // At the very instant one kind of comparison changes, right after it the other.
            var ticks = (decimal)since.UtcTicks + Span.Ticks;
            return ticks > view.Now.UtcTicks ? At(ticks) : ticks + 1 > view.Now.UtcTicks ? At(ticks + 1) : DateTimeOffset.MaxValue;
        }

        private static DateTimeOffset At(decimal ticks) => ticks >= DateTimeOffset.MaxValue.UtcTicks ? DateTimeOffset.MaxValue : new((long)ticks, TimeSpan.Zero);
    }

    /// <summary>Something that changes with every instant in a way that is not foreseen: it is looked at again and again.</summary>
    public sealed record Unforeseen : TimeSource
    {
        public override DateTimeOffset Next(TimeView view) =>
            view.Now > DateTimeOffset.MaxValue - Limits.UnforeseenStep ? DateTimeOffset.MaxValue : view.Now + Limits.UnforeseenStep;
    }
}
