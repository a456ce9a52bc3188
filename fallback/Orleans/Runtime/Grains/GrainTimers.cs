using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A timer of one activation; it ends with the activation.</summary>
public interface IGrainTimer : IDisposable
{
    void Change(TimeSpan dueTime, TimeSpan period);
}

public readonly struct GrainTimerCreationOptions()
{
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this() => (DueTime, Period) = (dueTime, period);

    /// <summary>Time to the first tick; infinite for none.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of a tick to the next one; infinite for a single tick.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether a tick may overlap other requests at its awaits. Default: no.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use and keeps the activation from being collected. Default: no.</summary>
    public bool KeepAlive { get; init; }
}

/// <summary>Names of the keyed <see cref="TimeProvider"/> services.</summary>
public static class TimeProviderNames
{
    /// <summary>The clock of grain timers. Default: the unkeyed provider, or the system's.</summary>
    public const string Grains = "Orleans.Grains";

    /// <summary>The clock by which activations grow old. Here they do by the machine's timestamps, whatever is given.</summary>
    public const string ActivationManagement = "Orleans.ActivationManagement";
}
