namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>Real grains over a log that fails at seeded points, with two activations of every customer and engines that crash.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Lives = 3;
    private const int StepsPerLife = 12;

    [Fact]
    public Task Nothing_is_lost_doubled_or_mistaken_for_a_thousand_seeds() => SimulateAsync(Enumerable.Range(Environment.TickCount & 0xFFFFF, 1000));

    // Seeds that found something once.
    [Theory, InlineData(1)]
    public Task Nothing_is_lost_doubled_or_mistaken_for_a_seed(int seed) => SimulateAsync([seed]);

    private async Task SimulateAsync(IEnumerable<int> seeds)
    {
        await using var world = await World.StartAsync();
        var customers = seeds.Select(seed => new SimulatedCustomer(world, seed)).ToList();
        for (var life = 0; life < Lives; life++)
        {
            var crashes = life % 2;
            await Parallel.ForEachAsync(customers, async (customer, _) =>
            {
                await customer.LiveAsync(StepsPerLife);
                await customer.BeforeCrashAsync(crashes);
            });
            await world.CrashAsync(crashes);
        }

        await Parallel.ForEachAsync(customers, (customer, _) => new(customer.SettleAsync()));
        var auditor = await world.AuditAsync();

        output.WriteLine($"{auditor.Customers} customers, {auditor.Events} events, {world.Ledger.Repeats} repeats, {world.Ledger.Conflicts} conflicts");
        Assert.True(world.Findings.Total == 0, string.Join('\n', world.Findings.Samples));
        Assert.True(auditor.Events > 10 * customers.Count, "the customers did too little");
    }
}
