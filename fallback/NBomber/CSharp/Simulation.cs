using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Makes stretches of load.</summary>
public static class Simulation
{
    /// <summary>So many copies, each beginning anew when it is done.</summary>
    public static LoadSimulation KeepConstant(int copies, TimeSpan during) => new KeepConstant(copies, during);

    /// <summary>From as many copies as there are to so many, evenly.</summary>
    public static LoadSimulation RampingConstant(int copies, TimeSpan during) => new RampingConstant(copies, during);

    /// <summary>So many iterations each interval, evenly spread over it, whatever becomes of those before.</summary>
    public static LoadSimulation Inject(int rate, TimeSpan interval, TimeSpan during) => new Inject(rate, interval, during);

    /// <summary>From the rate there is to so many iterations each interval, evenly.</summary>
    public static LoadSimulation RampingInject(int rate, TimeSpan interval, TimeSpan during) => new RampingInject(rate, interval, during);

    /// <summary>Nothing.</summary>
    public static LoadSimulation Pause(TimeSpan during) => new Pause(during);
}
