namespace Decisioning.Benchmarks.Micro;

/// <summary>One small thing that is measured: always the same work on the same data, on one thread.</summary>
/// <param name="Name">What it is; results are compared by it.</param>
/// <param name="Operations">How often one run does it.</param>
/// <param name="Run">Does it, and gives something of it so that nothing can be left out.</param>
public sealed record MicroCase(string Name, int Operations, Func<object?> Run)
{
    /// <summary>One that a run does once.</summary>
    public MicroCase(string name, Func<object?> run)
        : this(name, 1, run)
    {
    }
}

/// <summary>What one operation took.</summary>
/// <param name="Name">Of which case.</param>
/// <param name="Nanoseconds">How long, in the best of many rounds: what else runs on the machine only ever adds.</param>
/// <param name="Bytes">How much it allocated, in the round with the least.</param>
public sealed record MicroResult(string Name, double Nanoseconds, double Bytes);
