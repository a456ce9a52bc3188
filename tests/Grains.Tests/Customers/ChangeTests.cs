using System.Threading.Channels;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Customers;
using Decisioning.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Streams;

namespace Decisioning.Grains.Tests.Customers;

[Collection(typeof(SharedEngine))]
public sealed class ChangeTests(TestEngine engine)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_watches_a_customer_sees_its_changes_in_order_while_the_lease_lasts()
    {
        var ann = await engine.CustomerAsync();
        var (seen, subscription) = await SubscribeAsync<CustomerChanges>(Streams.Customer, ann.Key.Value);
        await ann.RecordAsync(ann.Viewed("before"));
        await ann.Grain.KeepWatchedAsync(TimeSpan.FromMinutes(1));

        await ann.RecordAsync(ann.Viewed("a"));
        var decision = (await ann.AskAsync("q")).Decision!;
        await ann.RecordAsync(ann.Response("r", decision, Outcome.Clicked));

        var changes = await ReadUntilAsync(seen, change => change.Kind == ChangeKind.Response);
        Assert.All(changes, change => Assert.True(change.Sequence >= 2, $"{change} was published before the watch"));
        Assert.Contains(changes, change => change is { Kind: ChangeKind.StageEntered, Name: "conquer", Sequence: 2 });
        Assert.Contains(changes, change => change is { Kind: ChangeKind.TagGiven, Name: "keen", Sequence: 2 });
        Assert.Contains(changes, change => change.Kind == ChangeKind.Decision && change.Name == decision.DecisionId);
        Assert.Equal(changes.OrderBy(change => change.Sequence).ToList(), changes);

        engine.Clock.Advance(TimeSpan.FromMinutes(2));
        await ann.RecordAsync(ann.Viewed("unwatched"));
        await ann.Grain.KeepWatchedAsync(TimeSpan.FromMinutes(1));
        await ann.RecordAsync(ann.Viewed("watched"));
        var after = await ReadUntilAsync(seen, change => change.Sequence == 5);
        Assert.DoesNotContain(after, change => change.Sequence == 4);
        await subscription.UnsubscribeAsync();
    }

    [Fact]
    public async Task Who_watches_a_customer_is_told_at_once_and_who_counts_waits_for_the_batch()
    {
        var ann = await engine.CustomerAsync();
        var (seen, subscription) = await SubscribeAsync<CustomerChanges>(Streams.Customer, ann.Key.Value);
        var (counted, results) = await SubscribeAsync<ResultsBatch>(Streams.Results, ann.Key.Tenant);

        // Its interval never ends here, so that nothing comes by it.
        using var publisher = new ChangePublisher(
            engine.Silo(0), engine.Silo(0).GetRequiredService<GrainMeter>(), Options.Create(new GrainsOptions { ChangeFlushEvery = TimeSpan.FromDays(1) }), NullLogger<ChangePublisher>.Instance);
        await publisher.StartAsync(CancellationToken.None);

        publisher.Publish(ann.Key, [new(ChangeKind.StageEntered, 1, "conquer", engine.Clock.GetUtcNow())], isWatched: true);

        await ReadUntilAsync(seen, change => change.Kind == ChangeKind.StageEntered);
        Assert.False(counted.TryRead(out _));

        // What waits when the host stops is published once more.
        await publisher.StopAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(WaitMax);
        Assert.Equal(ann.Key, Assert.Single((await counted.ReadAsync(limit.Token)).Items).Customer);
        await subscription.UnsubscribeAsync();
        await results.UnsubscribeAsync();
    }

    [Fact]
    public async Task Decisions_responses_and_stage_changes_of_a_tenant_arrive_in_batches_and_nothing_else_does()
    {
        var ann = await engine.CustomerAsync();
        var bob = engine.Customer(ann.Key.Tenant, "bob");
        var (seen, subscription) = await SubscribeAsync<ResultsBatch>(Streams.Results, ann.Key.Tenant);

        await ann.RecordAsync(ann.Viewed("a"), ann.Viewed("b"));
        await bob.RecordAsync(bob.Viewed("a"));
        var decision = (await ann.AskAsync("q")).Decision!;
        await ann.AskAsync("dry", dryRun: true);
        await ann.RecordAsync(ann.Response("r", decision, Outcome.Accepted));

        var items = new List<CustomerChanges>();
        using var limit = new CancellationTokenSource(WaitMax);
        while (!items.Any(item => item.Changes.Any(change => change.Kind == ChangeKind.Response)))
        {
            items.AddRange((await seen.ReadAsync(limit.Token)).Items);
        }

        var kinds = items.SelectMany(item => item.Changes).Select(change => change.Kind).ToList();
        Assert.Contains(items, item => item.Customer == bob.Key && item.Changes.Any(change => change is { Kind: ChangeKind.StageEntered, Name: "find" }));
        Assert.Equal(1, kinds.Count(kind => kind == ChangeKind.Decision));
        Assert.Equal(1, kinds.Count(kind => kind == ChangeKind.Response));
        Assert.All(kinds, kind => Assert.Contains(kind, new[] { ChangeKind.Decision, ChangeKind.Response, ChangeKind.StageEntered, ChangeKind.StageExited }));
        await subscription.UnsubscribeAsync();
    }

    [Fact]
    public void What_was_published_is_kept_for_seconds_however_much_it_is()
    {
        var kept = engine.Silo(0).GetRequiredService<IOptionsMonitor<StreamCacheEvictionOptions>>().Get(Streams.Provider);

        Assert.InRange(kept.DataMaxAgeInCache, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.InRange(kept.DataMinTimeInCache, TimeSpan.Zero, kept.DataMaxAgeInCache);
    }

    private async Task<(ChannelReader<T> Seen, StreamSubscriptionHandle<T> Subscription)> SubscribeAsync<T>(string streamNamespace, string key)
    {
        var seen = Channel.CreateUnbounded<T>();
        var subscription = await engine.Stream<T>(streamNamespace, key).SubscribeAsync((item, _) => seen.Writer.WriteAsync(item).AsTask());
        return (seen.Reader, subscription);
    }

    private static async Task<List<CustomerChange>> ReadUntilAsync(ChannelReader<CustomerChanges> seen, Predicate<CustomerChange> isLast)
    {
        var changes = new List<CustomerChange>();
        using var limit = new CancellationTokenSource(WaitMax);
        while (!changes.Any(change => isLast(change)))
        {
            changes.AddRange((await seen.ReadAsync(limit.Token)).Changes);
        }

        return changes;
    }
}
