namespace Decisioning.Simulation.Tests.Torture;

/// <summary>The command line of torture: what nobody knows is refused, so that a run that found nothing has looked for something.</summary>
public sealed class TortureOptionsTests
{
    [Theory]
    [InlineData("--faults crahs")]
    [InlineData("--faults crash,ful")]
    [InlineData("--faults crash,none")]
    [InlineData("--faults ,")]
    [InlineData("--silos 2")]
    [InlineData("--store oracle")]
    [InlineData("--kills -1")]
    [InlineData("--kills")]
    [InlineData("--sead 7")]
    public void What_cannot_be_meant_is_refused(string line) => Assert.Null(TortureOptions.Read(line.Split(' ')));

    [Theory]
    [InlineData("all", "crash cut deadlock freeze full lock stop")]
    [InlineData("none", "")]
    [InlineData("cut,full", "cut full")]
    public void Faults_are_asked_for_by_name(string faults, string wanted)
    {
        var options = TortureOptions.Read(["--faults", faults])!;

        Assert.Equal(wanted, string.Join(' ', TortureOptions.FaultNames.Where(options.Wants).Order(StringComparer.Ordinal)));
    }
}
