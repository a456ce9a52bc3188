using System.Collections.Immutable;

namespace Decisioning.Engine.Timing;

/// <summary>
/// A condition, seen by when it may begin or cease to hold by time alone. What holds only when all parts hold cannot change before all
/// parts that do not hold have changed; so most of what time changes is passed over without being looked at.
/// </summary>
internal abstract class TimedCondition
{
    /// <summary>Whether time alone can change it at all.</summary>
    public abstract bool IsTimed { get; }

    /// <summary>Whether time alone can make it hold where it does not.</summary>
    public abstract bool CanBegin { get; }

    /// <summary>The parts that all must hold; itself when it is not such.</summary>
    public virtual ImmutableArray<TimedCondition> Conjuncts => [this];

    /// <summary>The tests it is made of.</summary>
    public abstract IEnumerable<TimedTest> Tests { get; }

    /// <summary>Whether it holds at the instant looked at; an error does not.</summary>
    public abstract bool Holds(TimeView view);

    /// <summary>The first instant after the one looked at at which it may hold where it does not, or the other way round.</summary>
    public abstract DateTimeOffset Next(TimeView view);

    /// <summary>All parts, or any of them.</summary>
    internal sealed class Joined(ImmutableArray<TimedCondition> parts, bool isAll) : TimedCondition
    {
        public override bool IsTimed { get; } = parts.Any(part => part.IsTimed);

        public override bool CanBegin { get; } = parts.Any(part => part.CanBegin);

        public override IEnumerable<TimedTest> Tests => parts.SelectMany(part => part.Tests);

        public override ImmutableArray<TimedCondition> Conjuncts => isAll ? [.. parts.SelectMany(part => part.Conjuncts)] : [this];

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
    internal sealed class Test(TimedTest test) : TimedCondition
    {
        public override bool IsTimed => test.IsTimed;

        public override bool CanBegin => test.IsTimed && !test.OnlyCeases;

        public override IEnumerable<TimedTest> Tests => [test];

        public override bool Holds(TimeView view) => view.Holds(test);

        public override DateTimeOffset Next(TimeView view) => test.IsTimed ? view.Next(test) : DateTimeOffset.MaxValue;
    }

    /// <summary>Holds for everybody, or for nobody.</summary>
    internal sealed class Always(bool holds) : TimedCondition
    {
        public override bool IsTimed => false;

        public override bool CanBegin => false;

        public override IEnumerable<TimedTest> Tests => [];

        public override bool Holds(TimeView view) => holds;

        public override DateTimeOffset Next(TimeView view) => DateTimeOffset.MaxValue;
    }
}
