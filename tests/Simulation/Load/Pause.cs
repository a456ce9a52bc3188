namespace Decisioning.Simulation.Tests.Load;

/// <summary>Lets time pass: between tries of a caller, and until the instant of a fault.</summary>
internal static class Pause
{
    public static async Task ForAsync(TimeSpan time, CancellationToken cancellationToken = default)
    {
        if (time > TimeSpan.Zero)
        {
            using var timer = new PeriodicTimer(time);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
