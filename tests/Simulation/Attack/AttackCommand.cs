namespace Decisioning.Simulation.Tests.Attack;

/// <summary>The command line <c>attack</c>.</summary>
internal static class AttackCommand
{
    private const int Wrong = 1;
    private const int NotUnderstood = 2;

    /// <summary>Runs what was asked for; 0 when nothing was found.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (AttackOptions.Read(args) is not { } options)
        {
            Console.Error.WriteLine(AttackOptions.Usage);
            return NotUnderstood;
        }

        Console.WriteLine($"seed {options.Seed}");
        var results = await AttackRun.RunAsync(options, Console.Error.WriteLine);
        Console.WriteLine(AttackTable.Of(results));
        return results.Sum(result => result.Tally.Findings) == 0 ? 0 : Wrong;
    }
}
