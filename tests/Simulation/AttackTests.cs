using Decisioning.Simulation.Tests.Attack;

namespace Decisioning.Simulation.Tests;

/// <summary>A hundredth of the attacks; <c>dotnet run make.cs attack</c> takes its time, and measures how long others wait.</summary>
public sealed class AttackTests(ITestOutputHelper output)
{
    // The slow ones end at limits of seconds, which are tested where they are set.
    private const string Those = "credential,tried out,forged,mutated,frames,reset,flood,HPACK,smuggling,HTTP/1.1,gzip,texts";

    [Fact]
    public async Task An_engine_under_attack_fails_at_nothing_tells_nothing_and_logs_nobody()
    {
        var options = AttackOptions.Read(["--quick", "--only", Those])!;
        output.WriteLine($"seed {options.Seed}");

        var results = await AttackRun.RunAsync(options, output.WriteLine);

        Assert.True(results.All(result => result.Tally.Findings == 0), $"seed {options.Seed}\n{AttackTable.Of(results)}");
    }

    [Theory]
    [InlineData("--seed")]
    [InlineData("--seed -1")]
    [InlineData("--only")]
    [InlineData("--only ,")]
    [InlineData("--quik")]
    public void What_cannot_be_meant_is_refused(string line) => Assert.Null(AttackOptions.Read(line.Split(' ')));
}
