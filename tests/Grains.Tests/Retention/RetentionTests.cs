using Decisioning.Engine.Customers;
using Decisioning.Grains.Retention;
using Decisioning.Grains.Strategies;
using Decisioning.Grains.Tests.Support;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Grains.Tests.Retention;

/// <summary>The log is made smaller by age, and nobody who asks can tell.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const string Strategy = TestStrategies.Shop + "\nretention: 30d\n";
    private static readonly string[] Ids = ["ann", "bob", "cem"];

    private readonly TestClock _clock = new();
    private readonly string _tenant = TestEngine.NewTenant();
    private TestStore _store = null!;
    private TestEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _store = TestStore.Opened();
        _engine = await TestEngine.StartAsync(_store, _clock);
        await _engine.PublishAsync(_tenant, Strategy);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task What_is_younger_than_the_strategys_retention_stays_and_every_customer_stays_as_it_was()
    {
        await LiveAsync(days: 60);
        var before = await DescribeAsync();

        var done = await PassAsync();

        Assert.Equal((Ids.Length, 0), (done.Customers, done.Failed));
        Assert.Equal(before, await DescribeAsync());
        await RestartAsync();
        Assert.Equal(before, await DescribeAsync());
        foreach (var id in Ids)
        {
            var log = await LogAsync(id);
            Assert.Equal(done.Events / Ids.Length, log.Snapshot!.Sequence);
            Assert.All(log.Tail, recorded => Assert.InRange(recorded.Event.ReceivedAt, _clock.Now.AddDays(-30), _clock.Now));
            Assert.InRange(log.Tail.Length, 25, 35);
        }
    }

    [Fact]
    public async Task The_base_and_the_events_after_it_fold_to_the_newest_snapshot()
    {
        await LiveAsync(days: 60);
        await PassAsync();
        var strategies = _engine.Silo(0).GetRequiredService<StrategyCatalog>();
        foreach (var id in Ids)
        {
            var (log, key) = (await LogAsync(id), CustomerKey.User(_tenant, id));
            var newest = (await _store.Log.LoadAsync(key, _clock.Now, CancellationToken.None)).Snapshot!;
            var folded = Folding.Replay(log.Snapshot!, log.Tail.TakeWhile(recorded => recorded.Sequence <= newest.Sequence), strategies.Of(_tenant).Current!);

            Assert.True(newest.Sequence > log.Snapshot!.Sequence);
            Assert.True(StoredForm.AreSame(newest, folded));
        }
    }

    [Fact]
    public async Task A_repeat_of_a_reduced_event_is_still_a_repeat()
    {
        await LiveAsync(days: 60);
        await PassAsync();
        await RestartAsync();
        var ann = _engine.Customer(_tenant, "ann");

        var reply = await ann.RecordAsync(ann.Viewed("ann-0", ago: TimeSpan.FromDays(60)));

        Assert.NotEqual(RecordStatus.Applied, Assert.Single(reply.Outcomes).Status);
        Assert.Equal(1, reply.Outcomes[0].Sequence);
    }

    [Fact]
    public async Task A_pass_after_a_pass_finds_nothing_until_a_twentieth_of_the_age_has_passed()
    {
        await LiveAsync(days: 60);
        await PassAsync();

        Assert.Equal(0, (await PassAsync()).Events);
        _clock.Advance(TimeSpan.FromDays(1.4));
        Assert.Equal(0, (await PassAsync()).Events);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.NotEqual(0, (await PassAsync()).Events);
    }

    [Fact]
    public async Task Where_the_old_events_do_not_fold_to_what_was_held_what_was_held_stands()
    {
        await LiveAsync(days: 60);
        var key = CustomerKey.User(_tenant, "bob");
        var history = await _store.Log.LoadAsync(key, _clock.Now, CancellationToken.None);
        var held = history.Snapshot! with { LateEvents = 77 };
        await _store.Log.SaveSnapshotAsync(key, held, CancellationToken.None);

        await PassAsync();

        Assert.True(StoredForm.AreSame(held, (await LogAsync("bob")).Snapshot!));
        Assert.Equal(history.Sequence, (await _store.Log.LoadAsync(key, _clock.Now, CancellationToken.None)).Sequence);
    }

    [Fact]
    public async Task A_customer_whose_log_fails_is_passed_over_and_the_others_are_not()
    {
        await LiveAsync(days: 60);
        _store.Log.Fail(CustomerKey.User(_tenant, "bob"), GatedLog.Failure.Always);

        var done = await PassAsync();

        Assert.Equal((2, 1), (done.Customers, done.Failed));
    }

    [Fact]
    public async Task A_snapshot_kept_while_a_customers_log_is_read_changes_nothing()
    {
        await LiveAsync(days: 60);
        var key = CustomerKey.User(_tenant, "bob");
        _store.Log.AfterLogRead(key, async () =>
        {
            await LiveAsync(days: 1);
            var view = await _store.Log.LoadLogAsync(key, CancellationToken.None);
            await _store.Log.SaveSnapshotAsync(key, Folding.Replay(CustomerState.Empty, view.Tail, _engine.Silo(0).GetRequiredService<StrategyCatalog>().Of(_tenant).Current!), CancellationToken.None);
        });

        var done = await PassAsync();

        Assert.Equal((Ids.Length, 0), (done.Customers, done.Failed));
        Assert.NotEqual(0, (await LogAsync("bob")).Snapshot!.Sequence);
    }

    [Fact]
    public async Task A_customer_with_whom_something_unforeseen_is_wrong_is_passed_over_and_the_others_are_not()
    {
        await LiveAsync(days: 60);
        _store.Log.AfterLogRead(CustomerKey.User(_tenant, "bob"), () => throw new ArgumentException("nobody thought of this"));

        var done = await PassAsync();

        Assert.Equal((2, 1), (done.Customers, done.Failed));
    }

    [Fact]
    public async Task Decisions_go_by_the_settings_age()
    {
        await LiveAsync(days: 3);
        foreach (var id in Ids)
        {
            await _engine.Customer(_tenant, id).AskAsync("q");
        }

        // A commit asked for after the decisions takes them along or comes after them.
        await LiveAsync(days: 1);
        Assert.Equal(0, (await PassAsync()).Decisions);
        _clock.Advance(TimeSpan.FromDays(100));

        Assert.Equal(Ids.Length, (await PassAsync()).Decisions);
    }

    private async Task LiveAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            foreach (var id in Ids)
            {
                var customer = _engine.Customer(_tenant, id);
                await customer.RecordAsync(customer.Viewed($"{id}-{(_clock.Now - TestClock.Start).Days}"));
            }

            _clock.Advance(TimeSpan.FromDays(1));
        }
    }

    private async Task<RetentionResult> PassAsync() =>
        (await _engine.Silo(0).GetRequiredService<RetentionPass>().RunAsync(CancellationToken.None))!;

    private async Task RestartAsync()
    {
        await _engine.DisposeAsync();
        await _store.ReopenAsync();
        _engine = await TestEngine.StartAsync(_store, _clock);
    }

    private Task<CustomerHistory> LogAsync(string id) => _store.Log.LoadLogAsync(CustomerKey.User(_tenant, id), CancellationToken.None);

    private async Task<string> DescribeAsync()
    {
        var lines = new List<string>();
        foreach (var id in Ids)
        {
            var view = await _engine.Customer(_tenant, id).ViewAsync();
            lines.Add($"{id} {view.Sequence} {view.FirstEventAt:O} {view.LatestEventAt:O} {view.Features} {string.Join(", ", view.Tags)} {string.Join(", ", view.Stages)}");
        }

        return string.Join('\n', lines);
    }
}
