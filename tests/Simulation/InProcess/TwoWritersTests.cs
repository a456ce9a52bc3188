namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>INVARIANT (single writer), where two activations do write.</summary>
public sealed class TwoWritersTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Of_two_activations_that_write_at_once_one_leaves_and_nothing_is_lost()
    {
        var seed = Environment.TickCount & 0xFFFFF;
        await using var world = await World.StartAsync();

        await TwoWriters.RunAsync(world, seed, interleavings: 2_000);
        var auditor = await world.AuditAsync();

        output.WriteLine($"seed {seed}: {auditor.Events} events, {world.Conflicts} appends lost to the other activation");
        Assert.True(world.Findings.Total == 0, $"seed {seed}: {string.Join('\n', world.Findings.Samples)}");
        Assert.True(world.Conflicts > 0, "the two never met");
    }
}
