using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;

namespace Decisioning.Engine.Timing;

/// <summary>
/// A condition, seen by when it may begin or cease to hold by time alone. What holds only when all parts hold cannot change before all
/// parts that do not hold have changed; so most of what time changes is passed over without being looked at.
/// </summary>
internal abstract class TimedCondition
{
    /// <summary>Whether time alone can change it at all.</summary>
    public abstract bool IsTimed { get; }

    /// <summary>Whether it holds at the instant looked at; an error does not.</summary>
    public abstract bool Holds(TimeView view);

    /// <summary>The first instant after the one looked at at which it may hold where it does not, or the other way round.</summary>
    public abstract DateTimeOffset Next(TimeView view);

    /// <summary>All parts, or any of them.</summary>
    internal sealed class Joined(ImmutableArray<TimedCondition> parts, bool isAll) : TimedCondition
    {
        public override bool IsTimed { get; } = parts.Any(part => part.IsTimed);

        public override bool Holds(TimeView view)
        {
            foreach (var part in parts)
            {
                if (part.Holds(view) != isAll)
                {
                    return !isAll;
                }
            }

            return isAll;
        }

        public override DateTimeOffset Next(TimeView view)
        {
            if (!IsTimed)
            {
                return DateTimeOffset.MaxValue;
            }

            // While no part decides by itself, the first change of any; else all that decide must have changed.
            var (first, last) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
            var isDecided = false;
            foreach (var part in parts)
            {
                var decides = part.Holds(view) != isAll;
                if (isDecided && !decides)
                {
                    continue;
                }

                isDecided |= decides;
                var next = part.Next(view);
                if (decides)
                {
                    last = next > last ? next : last;
                    if (last == DateTimeOffset.MaxValue)
                    {
                        return last;
                    }
                }
                else
                {
                    first = next < first ? next : first;
                }
            }

            return isDecided ? last : first;
        }
    }

    /// <summary>A test of one term, or its opposite.</summary>
    /// <param name="leaf">The test.</param>
    /// <param name="isNegated">Whether its opposite is meant.</param>
    /// <param name="reader">Reads the term.</param>
    /// <param name="sources">By what time alone changes it; empty for nothing.</param>
    /// <param name="onlyCeases">Whether time alone can only make it cease to hold.</param>
    internal sealed class Test(Leaf leaf, bool isNegated, TermReader<Facts> reader, ImmutableArray<TimeSource> sources, bool onlyCeases) : TimedCondition
    {
        public override bool IsTimed => sources.Length > 0;

        public override bool Holds(TimeView view) =>
            reader.TryRead(view.Facts, out var value) && leaf.Test(value) == (isNegated ? Truth.False : Truth.True);

        public override DateTimeOffset Next(TimeView view)
        {
            var next = DateTimeOffset.MaxValue;
            if (onlyCeases && !Holds(view))
            {
                return next;
            }

            foreach (var source in sources)
            {
                var change = source.Next(view);
                next = change < next ? change : next;
            }

            return next;
        }
    }

    /// <summary>Holds for everybody, or for nobody.</summary>
    internal sealed class Always(bool holds) : TimedCondition
    {
        public override bool IsTimed => false;

        public override bool Holds(TimeView view) => holds;

        public override DateTimeOffset Next(TimeView view) => DateTimeOffset.MaxValue;
    }
}
