using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Decisioning.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Decisioning.Benchmarks;

/// <summary>What a grain call costs beyond its work: the grains here do next to nothing.</summary>
public static class GrainCalls
{
    private const int Callers = 64;

    /// <summary>Runs all cases on a silo of its own, co-hosted with the caller.</summary>
    /// <param name="calls">Calls of one round.</param>
    /// <param name="rounds">Rounds, of which the best counts: on a busy machine some of many run undisturbed.</param>
    public static async Task<IReadOnlyList<GrainCallRow>> RunAsync(int calls = 20_000, int rounds = 50)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort(), null, "benchmark", $"benchmark-{Guid.NewGuid():N}"));
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var references = new GrainReferences<ICountingGrain>(grains);
        var one = references.Of("one");
        var driver = grains.GetGrain<IDrivingGrain>("driver");
        var many = Enumerable.Range(0, Callers).Select(i => grains.GetGrain<ICountingGrain>($"{i}")).ToArray();
        using var cancellation = new CancellationTokenSource();
        var question = new Question("customer-1", 7);

        GrainCallRow[] rows =
        [
            await MeasureAsync(rounds, "plain method, no grain", calls, static n => DirectAsync(n)),
            await MeasureAsync(rounds, "from outside, Task", calls, async n =>
            {
                for (var i = 0; i < n; i++)
                {
                    await one.Count();
                }
            }),
            await MeasureAsync(rounds, "from outside, ValueTask, read-only, message in and out", calls, async n =>
            {
                for (var i = 0; i < n; i++)
                {
                    await one.Ask(question);
                }
            }),
            await MeasureAsync(rounds, "from outside, with a token that can be cancelled", calls, async n =>
            {
                for (var i = 0; i < n; i++)
                {
                    await one.Ask(question, cancellation.Token);
                }
            }),
            await MeasureAsync(rounds, "from outside, GetGrain each time", calls, async n =>
            {
                for (var i = 0; i < n; i++)
                {
                    await grains.GetGrain<ICountingGrain>("one").Count();
                }
            }),
            await MeasureAsync(rounds, "from outside, a reference made each time", calls, async n =>
            {
                for (var i = 0; i < n; i++)
                {
                    await references.Of("one").Count();
                }
            }),
            await MeasureAsync(rounds, "from outside, the method awaits", calls / 4, async n =>
            {
                for (var i = 0; i < n; i++)
                {
                    await one.CountLater();
                }
            }),
            await MeasureAsync(rounds, "from grain to grain", calls, driver.Drive),
            await MeasureAsync(rounds, $"{Callers} callers, a grain each (time over all)", calls, n => ManyAsync(n, i => many[i])),
            await MeasureAsync(rounds, $"{Callers} callers, one grain (time over all)", calls, n => ManyAsync(n, _ => one)),
        ];
        await host.StopAsync();
        return rows;
    }

    private static async Task DirectAsync(int calls)
    {
        var direct = new Direct();
        for (var i = 0; i < calls; i++)
        {
            await direct.Count();
        }
    }

    private static Task ManyAsync(int calls, Func<int, ICountingGrain> grain) => Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(async () =>
    {
        var target = grain(i);
        for (var n = 0; n < calls / Callers; n++)
        {
            await target.Count();
        }
    })));

    private static async Task<GrainCallRow> MeasureAsync(int rounds, string name, int calls, Func<int, Task> run)
    {
        await run(calls * 5);
        var best = TimeSpan.MaxValue;
        var bytes = 0L;
        for (var i = 0; i < rounds; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            await run(calls);
            var took = Stopwatch.GetElapsedTime(start);
            if (took < best)
            {
                (best, bytes) = (took, GC.GetTotalAllocatedBytes(precise: true) - before);
            }
        }

        return new(name, best.TotalNanoseconds / calls, (double)bytes / calls);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Direct
    {
        private int _count;

        public Task<int> Count() => Task.FromResult(++_count);
    }
}

/// <summary>One case: the best of its rounds.</summary>
public sealed record GrainCallRow(string Name, double NsPerCall, double BytesPerCall);

/// <summary>A grain that counts its calls.</summary>
[Alias("benchmarks.counting")]
public interface ICountingGrain : IGrainWithStringKey
{
    /// <summary>Counts and answers at once.</summary>
    [Alias("count")]
    Task<int> Count();

    /// <summary>Counts and answers after an await.</summary>
    [Alias("count-later")]
    Task<int> CountLater();

    /// <summary>Answers at once, changing nothing.</summary>
    [Alias("ask"), Orleans.Concurrency.ReadOnly]
    ValueTask<Question> Ask(Question question, CancellationToken cancellationToken = default);
}

/// <summary>A grain that calls another one.</summary>
[Alias("benchmarks.driving")]
public interface IDrivingGrain : IGrainWithStringKey
{
    /// <summary>Calls a counting grain this often, one call after the other.</summary>
    [Alias("drive"), ResponseTimeout("00:05:00")]
    Task Drive(int calls);
}

/// <inheritdoc cref="ICountingGrain"/>
public sealed class CountingGrain : Grain, ICountingGrain
{
    private int _count;

    /// <inheritdoc/>
    public Task<int> Count() => Task.FromResult(++_count);

    /// <inheritdoc/>
    public async Task<int> CountLater()
    {
        await Task.Yield();
        return ++_count;
    }

    /// <inheritdoc/>
    public ValueTask<Question> Ask(Question question, CancellationToken cancellationToken = default) => new(question);
}

/// <inheritdoc cref="IDrivingGrain"/>
public sealed class DrivingGrain : Grain, IDrivingGrain
{
    /// <inheritdoc/>
    public async Task Drive(int calls)
    {
        var target = GrainFactory.GetGrain<ICountingGrain>("driven");
        for (var i = 0; i < calls; i++)
        {
            await target.Count();
        }
    }
}
