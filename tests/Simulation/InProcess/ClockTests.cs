namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>Clocks that jump.</summary>
public sealed class ClockTests(ITestOutputHelper output)
{
    private const int Jumps = 60;
    private const int Customers = 40;

    [Fact]
    public async Task A_clock_that_jumps_an_hour_back_and_forth_loses_and_doubles_nothing_and_decisions_go_on()
    {
        var seed = Environment.TickCount & 0xFFFFF;
        var random = new Random(seed);
        await using var world = await World.StartAsync();
        var customers = Enumerable.Range(seed, Customers).Select(number => new SimulatedCustomer(world, number)).ToList();
        for (var jump = 0; jump < Jumps; jump++)
        {
            world.Clock.Advance(TimeSpan.FromHours(random.Next(2) == 0 ? -1 : 1) + TimeSpan.FromSeconds(random.Next(120)));
            var before = customers.Sum(customer => customer.Answered);
            await Parallel.ForEachAsync(customers, (customer, _) => new(customer.LiveAsync(steps: 3)));
            Assert.True(customers.Sum(customer => customer.Answered) > before, $"seed {seed}: nothing was decided after jump {jump}");
        }

        var auditor = await world.AuditAsync();
        output.WriteLine($"seed {seed}: {auditor.Events} events, {auditor.Wakes} made because time passed");
        Assert.True(world.Findings.Total == 0, $"seed {seed}: {string.Join('\n', world.Findings.Samples)}");
    }
}
