using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Stateless;
using Decisioning.Tests.Shared;
using StackExchange.Redis;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Tests;

/// <summary>The service's ways to PostgreSQL and Redis, with both running.</summary>
public sealed class StatelessStoreTests : IAsyncLifetime
{
    private const string Customer = "customer-0000003";
    private static readonly ServicePlan Plan = new(ComparisonStrategy.Compile());
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 18, 0, 0, TimeSpan.Zero);
    private PostgresServer _postgres = null!;
    private RedisServer _redis = null!;
    private ServiceDatabase _database = null!;
    private ConnectionMultiplexer _connection = null!;

    public async ValueTask InitializeAsync()
    {
        var isMeant = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipWhen(!RedisServer.IsInstalled && !isMeant, RedisServer.Cure);
        Assert.SkipWhen(PostgresServer.Programs is null && !isMeant, "PostgreSQL is not installed here; on Debian or Ubuntu: apt-get install --no-install-recommends postgresql");
        _redis = RedisServer.Start();
        _postgres = PostgresServer.Start(sync: false);
        _database = new(_postgres.ConnectionString, 16);
        await _database.MigrateAsync();
        _connection = await RedisServer.ConnectAsync(_redis.SocketPath);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            await _database.DisposeAsync();
        }

        _postgres?.Dispose();
        _redis?.Dispose();
    }

    [Fact]
    public async Task Events_that_two_services_record_of_one_customer_all_count_once_in_both_stores()
    {
        await using var one = new EventLanes(Plan, _database, _connection.GetDatabase(), TimeProvider.System, lanes: 2, together: 16);
        await using var other = new EventLanes(Plan, _database, _connection.GetDatabase(), TimeProvider.System, lanes: 2, together: 1);
        var world = new World(5, 10, Now);
        var events = Enumerable.Range(0, 60).Select(call => world.Live(call, "load", 3)).ToList();

        var answers = await Task.WhenAll(events.Concat(events).Index().Select(told => (told.Index % 2 == 0 ? one : other).RecordAsync(Customer, [told.Item])));

        var acks = answers.SelectMany(answer => answer).ToList();
        Assert.Equal((60, 60), (acks.Count(ack => ack.Status == Api.EventStatus.Applied), acks.Count(ack => ack.Status == Api.EventStatus.Duplicate)));
        Assert.Equal(Enumerable.Range(1, 60), acks.Where(ack => ack.Status == Api.EventStatus.Applied).Select(ack => (int)ack.Sequence).Order());
        var stored = Plan.Json.Read((await _database.ReadAsync(Customer, Now)).Profile);
        var counts = Plan.Features.Where(feature => feature.Where is null && feature.Of is null && feature.Definition.Within is not null);
        Assert.Equal(60, stored.Version);
        Assert.Equal(
            counts.Sum(feature => events.Count(e => feature.Definition.LooksAt(e.Event_))),
            counts.Sum(feature => stored.Week(feature.Definition.Slot, stored.Day)));
    }

    [Fact]
    public async Task Offers_of_the_week_are_counted_again_from_decisions_where_redis_lost_them()
    {
        var decision = new LoggedDecision("d1", Customer, Now, """["a1","a2"]""");
        await _database.WriteAsync([decision, decision with { Id = "d2", At = Now.AddDays(-1), Actions = """["a1"]""" }, decision with { Id = "d3", At = Now.AddDays(-9) }, decision with { Id = "d4", Customer = "other" }]);

        var (profile, contacts) = await _database.ReadAsync(Customer, Now.AddDays(-6));

        var today = Profile.DayOf(Now);
        Assert.Null(profile);
        Assert.Equal([(ContactCounts.FieldOf(today - 1, "a1"), 1), (ContactCounts.FieldOf(today, "a1"), 1), (ContactCounts.FieldOf(today, "a2"), 1)], contacts.Fields.Order());
    }
}
