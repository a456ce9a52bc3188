namespace NBomber.Contracts;

/// <summary>A stretch of load.</summary>
public abstract record LoadSimulation
{
    private protected LoadSimulation(TimeSpan during)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(during, TimeSpan.Zero);
        During = during;
    }

    internal TimeSpan During { get; init; }
}

internal sealed record KeepConstant : LoadSimulation
{
    public KeepConstant(int copies, TimeSpan during)
        : base(during)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(copies);
        Copies = copies;
    }

    public int Copies { get; }
}

internal sealed record RampingConstant : LoadSimulation
{
    public RampingConstant(int copies, TimeSpan during)
        : base(during)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(copies);
        Copies = copies;
    }

    public int Copies { get; }
}

internal sealed record Inject : LoadSimulation
{
    public Inject(int rate, TimeSpan interval, TimeSpan during)
        : base(during)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        (Rate, Interval) = (rate, interval);
    }

    public int Rate { get; }

    public TimeSpan Interval { get; }
}

internal sealed record RampingInject : LoadSimulation
{
    public RampingInject(int rate, TimeSpan interval, TimeSpan during)
        : base(during)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        (Rate, Interval) = (rate, interval);
    }

    public int Rate { get; }

    public TimeSpan Interval { get; }
}

internal sealed record Pause(TimeSpan Length) : LoadSimulation(Length);
