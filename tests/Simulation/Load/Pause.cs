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
}
