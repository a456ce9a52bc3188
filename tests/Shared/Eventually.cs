using System.Runtime.CompilerServices;

namespace Decisioning.Tests.Shared;

/// <summary>Waits for what happens behind the answers.</summary>
internal static class Eventually
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    /// <summary>Looks again and again until a condition holds; fails, with its words, after a time no healthy machine needs.</summary>
    public static Task HoldsAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string words = "") =>
        HoldsAsync(() => Task.FromResult(condition()), words);

    /// <summary>The same for a condition that has to be asked for.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string words = "")
    {
        using var limit = new CancellationTokenSource(WaitMax);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition().WaitAsync(WaitMax))
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"after {WaitMax.TotalSeconds:0} seconds this did not hold yet: {words}");
            }
        }
    }
}
