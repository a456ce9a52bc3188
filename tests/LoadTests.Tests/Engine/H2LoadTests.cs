using Decisioning.Benchmarks;
using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Engine;
using Decisioning.LoadTests.Runs;
using Decisioning.Tests.Shared;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Tests.Engine;

/// <summary>A real h2load and a real engine.</summary>
public sealed class H2LoadTests : IDisposable
{
    private const string Method = "decisioning.v1.Decisions/NextBestAction";
    private const string Calls = "rpc_server_call_duration_seconds_count";
    private readonly string _folder = Directory.CreateTempSubdirectory("load-h2-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Its_callers_are_answered_and_the_engine_counts_them()
    {
        Assert.SkipUnless(Programs.Has("h2load"), "h2load is not installed");
        using var store = BenchStore.Sqlite();
        await using var engine = LoadRun.NewEngine(_folder, store);
        await engine.StartAsync();
        var world = new World(seed: 1, customers: 2, DateTimeOffset.UnixEpoch);
        var bodies = Enumerable.Range(0, 2).Select(i => Path.Combine(_folder, $"{i}.bin")).ToArray();
        for (var i = 0; i < bodies.Length; i++)
        {
            await File.WriteAllBytesAsync(bodies[i], GrpcFrame.Of(world.Question(i, Api.ExplainLevel.None, i)), TestContext.Current.CancellationToken);
        }

        var run = await H2Load.RunAsync(new(engine.Address, Method), bodies, connections: 2, streams: 10, TimeSpan.FromSeconds(1));

        Assert.Equal(0, run.Failed);
        Assert.NotEmpty(run.Milliseconds);
        Assert.Equal(run.Milliseconds.Order(), run.Milliseconds);
        Assert.InRange(run.P99, run.Milliseconds[0], run.Milliseconds[^1]);

        // Those under way when its time was over were answered to nobody.
        Assert.InRange(await engine.MetricAsync(Calls, $"\"{Method}\"", "\"OK\""), run.Milliseconds.Length, double.MaxValue);
        Assert.Equal(0, await engine.MetricAsync(Calls, "\"no.Such/Method\""));
    }
}
