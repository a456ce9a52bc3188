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
        foreach (var run in Runs(options))
        {
            await using (run)
            {
                var summary = await run.RunAsync();
                Console.WriteLine(summary);
                found += summary.Findings.Total;
            }
        }

        return found == 0 ? 0 : Wrong;
    }

    private static IEnumerable<ITortureRun> Runs(TortureOptions options)
    {
        Action<string> say = Console.Error.WriteLine;
        if (options.Silos > 1)
        {
            yield return new ClusterRun(new PostgresTorture(), options, say);
            yield break;
        }

        List<Func<TortureStore>> stores = [];
        if (options.Store is "sqlite" or "both")
        {
            stores.Add(() => new SqliteTorture(onSmallDisk: true));
        }

        if (options.Store is "postgres" or "both")
        {
            stores.Add(() => new PostgresTorture());
        }

        foreach (var store in stores)
        {
            if (options.Kills > 0)
            {
                yield return new TortureRun(store(), options, say);
            }

            if (options.Faults.Length > 0)
            {
                yield return new FaultRun(store(), options, say);
            }

            if (options.Races > 0)
            {
                yield return new RaceRun(store(), options);
            }
        }
    }
}

/// <summary>A way to torture.</summary>
internal interface ITortureRun : IAsyncDisposable
{
    /// <summary>Does it.</summary>
    Task<Summary> RunAsync();
}
