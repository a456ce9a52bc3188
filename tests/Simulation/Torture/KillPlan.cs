namespace Decisioning.Simulation.Tests.Torture;

/// <summary>When a life of the engine ends.</summary>
internal enum KillMoment
{
    /// <summary>While it serves.</summary>
    UnderLoad,

    /// <summary>Before it is ready: while it opens or migrates its store, recovers, loads its strategy.</summary>
    WhileStarting,

    /// <summary>After it was asked to stop.</summary>
    WhileStopping,
}

/// <summary>How a life of the engine ends.</summary>
/// <param name="Moment">In which part of its life.</param>
/// <param name="Share">How far into that part, 0 to 1.</param>
internal readonly record struct KillPlan(KillMoment Moment, double Share)
{
    private static readonly TimeSpan LoadMax = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan StopMax = TimeSpan.FromMilliseconds(250);

    /// <summary>The first lives end while the store is made, then there is one of each kind; later ones end mostly under load.</summary>
    public static KillPlan Next(Random random, int kill) => new(
        (kill, random.Next(100)) switch
        {
            (< 2, _) or (> 3, < 15) => KillMoment.WhileStarting,
            (3, _) or (_, < 30 and >= 15) => KillMoment.WhileStopping,
            _ => KillMoment.UnderLoad,
        },
        random.NextDouble());

    /// <summary>How long after that part of its life began.</summary>
    /// <param name="start">How long a start takes on this machine.</param>
    public TimeSpan After(TimeSpan start) => Share * Moment switch
    {
        KillMoment.WhileStarting => start,
        KillMoment.WhileStopping => StopMax,
        _ => LoadMax,
    };
}
