using System.Collections.Immutable;
using System.Net;
using Decisioning.Gateway;
using Decisioning.Storage;
using Decisioning.Storage.Memory;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo.Tests;

public sealed class ReadyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-silo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_engine_that_stops_says_that_it_is_not_ready_while_it_still_answers()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "strategy.yaml"), TestStrategies.Shop);

        // The notice is as long as any machine needs to be asked once within it; the test ends it.
        await using var silo = await SiloProcess.ReadyAsync(
            "--data", Path.Combine(_folder.FullName, "data"), "--strategy", _folder.FullName, "--Decisioning:StopNotice", "00:01:00");
        using var http = new HttpClient { BaseAddress = new Uri(silo.HttpAddress) };
        Assert.Equal(
            (HttpStatusCode.OK, "{\"status\":\"ready\",\"checks\":{\"load\":\"ok\",\"host\":\"ok\",\"store\":\"ok\",\"strategy\":\"ok\"}}"),
            await AskAsync(http, "/readyz"));

        silo.AskToStop();
        var answer = await AskAsync(http, "/readyz");
        while (answer.Status == HttpStatusCode.OK)
        {
            answer = await AskAsync(http, "/readyz");
        }

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "{\"status\":\"not ready\",\"checks\":{\"load\":\"ok\",\"host\":\"failing\",\"store\":\"ok\",\"strategy\":\"ok\"}}"),
            answer);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "/healthz")).Status);
        await silo.KillAsync();
    }

    [Theory]
    [InlineData("all is well", true, 0.5, "answers", HealthStatus.Healthy)]
    [InlineData("the last commit failed", false, 0, "answers", HealthStatus.Unhealthy)]
    [InlineData("the queue is nearly full", true, 0.9, "answers", HealthStatus.Unhealthy)]
    [InlineData("reads fail", true, 0, "fails", HealthStatus.Unhealthy)]
    [InlineData("reads hang", true, 0, "hangs", HealthStatus.Unhealthy)]
    public async Task The_store_is_ready_when_it_takes_writes_and_answers_reads(string name, bool canWrite, double fullness, string reads, HealthStatus expected)
    {
        var store = new TroubledStore { CanWrite = canWrite, Fullness = fullness, Reads = reads };
        var check = Check(store, TimeProvider.System);

        Assert.Equal((name, expected), (name, (await AskAsync(check)).Status));
    }

    [Fact]
    public async Task However_often_readiness_is_asked_for_the_store_is_asked_once_a_second()
    {
        var (store, clock) = (new TroubledStore(), new TestClock());
        var check = Check(store, clock);
        for (var i = 0; i < 100; i++)
        {
            await AskAsync(check);
        }

        Assert.Equal(1, store.Asked);
        clock.Advance(TimeSpan.FromSeconds(1));
        store.Reads = "fails";
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(check)).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        store.Reads = "answers";
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(check)).Status);
        Assert.Equal(3, store.Asked);
    }

    private static StoreReadyCheck Check(TroubledStore store, TimeProvider clock) => new(store, store, Options.Create(new GatewayOptions()), clock);

    private static Task<HealthCheckResult> AskAsync(StoreReadyCheck check) => check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The store in memory, in the condition that a test says.</summary>
    private sealed class TroubledStore : IStoreCondition, IStrategyStore
    {
        private readonly MemoryStore _inner = new();

        public bool CanWrite { get; init; } = true;

        public double Fullness { get; init; }

        public string Reads { get; set; } = "answers";

        public int Asked { get; private set; }

        public Task<StoredStrategy?> FindLatestAsync(string tenant, long newerThan, CancellationToken cancellationToken)
        {
            Asked++;
            return Reads switch
            {
                "answers" => _inner.FindLatestAsync(tenant, newerThan, cancellationToken),
                "fails" => throw new StorageUnavailableException("the test's disk is gone"),
                _ => new TaskCompletionSource<StoredStrategy?>().Task,
            };
        }

        public Task<StoredStrategy> PublishAsync(
            string tenant, string name, string hash, ImmutableArray<StrategyFile> files, DateTimeOffset publishedAt, CancellationToken cancellationToken) =>
            _inner.PublishAsync(tenant, name, hash, files, publishedAt, cancellationToken);

        public Task<StoredStrategy?> FindVersionAsync(string tenant, long version, CancellationToken cancellationToken) => _inner.FindVersionAsync(tenant, version, cancellationToken);

        public Task<StoredStrategy?> FindHashAsync(string tenant, string hash, CancellationToken cancellationToken) => _inner.FindHashAsync(tenant, hash, cancellationToken);
    }
}
