using System.Diagnostics;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>Lets time pass: between tries of a caller, and until the instant of a fault.</summary>
internal static class Pause
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public static async Task ForAsync(TimeSpan time, CancellationToken cancellationToken = default)
    {
        if (time >= Shortest)
        {
            using var timer = new PeriodicTimer(time);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the next is due of what is done at a pace.</summary>
    /// <param name="done">How many were.</param>
    /// <param name="perSecond">How many are in a second.</param>
    /// <param name="began">When the first was, as a timestamp of <see cref="Stopwatch"/>.</param>
    public static Task AtPaceAsync(int done, int perSecond, long began) => ForAsync(TimeSpan.FromSeconds((double)done / perSecond) - Stopwatch.GetElapsedTime(began));
}
