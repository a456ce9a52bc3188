namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>Two engines that do not know each other write for the same customers at once, again and again.</summary>
internal static class TwoWriters
{
    private const int Customers = 8;

    /// <summary>Runs them against each other.</summary>
    /// <param name="world">Two engines on one store.</param>
    /// <param name="seed">Where chance begins.</param>
    /// <param name="interleavings">How often two batches of one customer go out at once.</param>
    public static async Task RunAsync(World world, int seed, int interleavings)
    {
        var customers = Enumerable.Range(0, Customers).Select(number => new SimulatedCustomer(world, seed + number, withFaults: false)).ToList();
        await Task.WhenAll(customers.Select(async customer =>
        {
            for (var i = 0; i < interleavings / Customers; i++)
            {
                await customer.RaceAsync();
            }
        }));
    }
}
