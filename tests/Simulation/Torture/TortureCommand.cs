namespace Decisioning.Simulation.Tests.Torture;

/// <summary>The command line <c>torture</c>.</summary>
internal static class TortureCommand
{
    private const int Wrong = 1;
    private const int NotUnderstood = 2;

    /// <summary>Runs what was asked for; 0 when everything that must be zero is.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (TortureOptions.Read(args) is not { } options)
        {
            Console.Error.WriteLine(TortureOptions.Usage);
            return NotUnderstood;
        }

        Console.WriteLine($"seed {options.Seed}");
        var found = 0;
        foreach (var store in Stores(options))
        {
            var summary = await RunAsync(store, options);
            Console.WriteLine(summary);
            found += summary.Findings.Total;
        }

        return found == 0 ? 0 : Wrong;
    }

    private static async Task<Summary> RunAsync(TortureStore store, TortureOptions options)
    {
        if (options.Silos > 1)
        {
            await using var cluster = new ClusterRun(store, options, Console.Error.WriteLine);
            return await cluster.RunAsync();
        }

        await using var run = new TortureRun(store, options, Console.Error.WriteLine);
        return await run.RunAsync();
    }

    private static IEnumerable<TortureStore> Stores(TortureOptions options)
    {
        if (options.Store is "sqlite" or "both")
        {
            yield return new SqliteTorture();
        }
    }
}
