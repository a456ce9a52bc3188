using NBomber.Contracts;

namespace NBomber.Running;

/// <summary>When a scenario's iterations are due, and how many copies it has.</summary>
internal sealed class LoadPlan
{
    private readonly Stretch[] _stretches;

    public LoadPlan(IEnumerable<LoadSimulation> simulations)
    {
        List<Stretch> stretches = [];
        var (at, rate, copies) = (TimeSpan.Zero, 0.0, 0);
        foreach (var simulation in simulations)
        {
            var (nextRate, nextCopies) = simulation switch
            {
                Inject inject => (inject.Rate / inject.Interval.TotalSeconds, 0),
                RampingInject inject => (inject.Rate / inject.Interval.TotalSeconds, 0),
                KeepConstant constant => (0, constant.Copies),
                RampingConstant constant => (0.0, constant.Copies),
                _ => (0, 0),
            };
            var isRamp = simulation is RampingInject or RampingConstant;
            stretches.Add(new(at, simulation.During, isRamp ? rate : nextRate, nextRate, isRamp ? copies : nextCopies, nextCopies, simulation is Pause));
            (at, rate, copies) = (at + simulation.During, nextRate, nextCopies);
        }

        _stretches = [.. stretches];
        Duration = at;
    }

    /// <summary>How long all of it takes.</summary>
    public TimeSpan Duration { get; }

    /// <summary>How much of it nothing is meant to happen.</summary>
    public TimeSpan Pauses => new(_stretches.Where(stretch => stretch.IsPause).Sum(stretch => stretch.During.Ticks));

    /// <summary>The same shape for a warm-up: the first load there is, for so long.</summary>
    public static LoadPlan WarmUp(IEnumerable<LoadSimulation> simulations, TimeSpan during) =>
        new(simulations.Where(simulation => simulation is not Pause).Take(1).Select(first => first with { During = during }));

    /// <summary>When each iteration of the open load is due, in order.</summary>
    public IEnumerable<TimeSpan> Due()
    {
        foreach (var stretch in _stretches)
        {
            var count = (long)Math.Ceiling((stretch.Injected * (1 - 1e-12)) - 1e-9);
            for (var i = 0L; i < count; i++)
            {
                yield return stretch.At + stretch.DueOf(i);
            }
        }
    }

    /// <summary>Copies of the closed load at a time.</summary>
    public int Copies(TimeSpan at)
    {
        var stretch = Array.FindLast(_stretches, each => each.At <= at);
        return stretch is null || at >= stretch.At + stretch.During ? 0 : stretch.CopiesAt(at - stretch.At);
    }

    /// <summary>When the number of copies changes next; the end at the latest.</summary>
    public TimeSpan NextCopies(TimeSpan at)
    {
        var stretch = Array.FindLast(_stretches, each => each.At <= at);
        if (stretch is null || at >= Duration)
        {
            return Duration;
        }

        var steps = Math.Abs(stretch.ToCopies - stretch.FromCopies);
        var end = stretch.At + stretch.During;
        if (steps == 0)
        {
            return end;
        }

        var step = stretch.During / steps;
        var next = stretch.At + (step * (Math.Floor((at - stretch.At) / step) + 1));
        return next < end ? next : end;
    }

    private sealed record Stretch(TimeSpan At, TimeSpan During, double FromRate, double ToRate, int FromCopies, int ToCopies, bool IsPause)
    {
        public double Injected => (FromRate + ToRate) / 2 * During.TotalSeconds;

        // The time t at which r0·t + (r1 − r0)/(2 D)·t² iterations are done, without taking a small difference of large numbers.
        public TimeSpan DueOf(long number)
        {
            var rise = (ToRate - FromRate) / (2 * During.TotalSeconds);
            var root = Math.Sqrt(Math.Max(0, (FromRate * FromRate) + (4 * rise * number)));
            
            // Rounded: what is due at a whole millisecond is not to be due a tick before it.
            return number == 0 ? TimeSpan.Zero : new((long)Math.Round(2 * number / (FromRate + root) * TimeSpan.TicksPerSecond));
        }

        public int CopiesAt(TimeSpan into) => FromCopies + (int)(((ToCopies - FromCopies) * (into / During)) + (1e-9 * Math.Sign(ToCopies - FromCopies)));
    }
}
