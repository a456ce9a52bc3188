using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Grains.Strategies;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Grains.Tests.Strategies;

[Collection(typeof(SharedEngine))]
public sealed class StrategyTests(TestEngine engine)
{
    private readonly string _tenant = TestEngine.NewTenant();

    private IStrategyGrain Grain => engine.Grains.GetGrain<IStrategyGrain>(_tenant);

    [Fact]
    public async Task Nothing_is_recorded_or_decided_before_a_strategy_is_published()
    {
        var ann = engine.Customer(_tenant, "ann");

        await Assert.ThrowsAsync<NoStrategyException>(() => ann.RecordAsync(ann.Viewed("a")));
        await Assert.ThrowsAsync<NoStrategyException>(() => ann.AskAsync("q"));
        Assert.Null(await Grain.GetAsync(0));

        await engine.PublishAsync(_tenant, TestStrategies.Shop);
        Assert.Equal(1, (await ann.RecordAsync(ann.Viewed("a"))).Sequence);
    }

    [Fact]
    public async Task Versions_count_up_and_the_same_content_again_changes_nothing()
    {
        Assert.Equal(1, (await engine.PublishAsync(_tenant, TestStrategies.Shop)).Version);
        Assert.Equal(1, (await engine.PublishAsync(_tenant, TestStrategies.Shop)).Version);
        Assert.Equal(2, (await engine.PublishAsync(_tenant, TestStrategies.Sale)).Version);
        Assert.Equal(3, (await engine.PublishAsync(_tenant, TestStrategies.Shop)).Version);

        Assert.Equal(3, (await Grain.GetAsync(0))!.Version);
        Assert.Equal(TestStrategies.Sale, Assert.Single((await Grain.GetAsync(2))!.Files).Text);
        Assert.Null(await Grain.GetAsync(4));
    }

    [Fact]
    public async Task A_decision_meets_a_new_version_at_once_and_names_it()
    {
        var ann = engine.Customer(_tenant, "ann");
        await engine.PublishAsync(_tenant, TestStrategies.Shop);
        await ann.RecordAsync(ann.Viewed("a"));
        var before = (await ann.AskAsync("q1", dryRun: true)).Decision!;

        var published = await engine.PublishAsync(_tenant, TestStrategies.Sale);
        var after = (await ann.AskAsync("q1", dryRun: true)).Decision!;

        Assert.Equal((1, "welcome"), (before.StrategyVersion, before.Items.Single().Action));
        Assert.Equal((2, "sale"), (after.StrategyVersion, after.Items.Single().Action));
        Assert.Equal(published.Hash, after.StrategyHash);
    }

    [Fact]
    public async Task A_broken_strategy_is_refused_with_every_mistake_and_the_one_in_force_stays()
    {
        var ann = engine.Customer(_tenant, "ann");
        await engine.PublishAsync(_tenant, TestStrategies.Shop);
        await ann.RecordAsync(ann.Viewed("a"));

        var checkedOnly = await Grain.ValidateAsync(Publishing.Of(TestStrategies.Broken));
        var reply = await Grain.PublishAsync(Publishing.Of(TestStrategies.Broken));

        Assert.Equal(2, reply.Mistakes.Length);
        Assert.Equal(reply.Mistakes.AsEnumerable(), checkedOnly.Mistakes);
        Assert.All(reply.Mistakes, mistake => Assert.Equal("strategy.yaml", mistake.File));
        Assert.Contains(reply.Mistakes, mistake => mistake.Message.Contains("vews", StringComparison.Ordinal) && mistake.Line == 9);
        Assert.Equal(1, reply.InForce!.Version);
        Assert.Equal("welcome", await ann.ActionsAsync("q"));
    }

    [Fact]
    public async Task A_publication_that_replaces_another_version_than_its_author_saw_changes_nothing()
    {
        var first = await engine.PublishAsync(_tenant, TestStrategies.Shop);
        var second = await Grain.PublishAsync(Publishing.Of(TestStrategies.Sale, replacesHash: first.Hash));

        var late = await Grain.PublishAsync(Publishing.Of(TestStrategies.Shop, replacesHash: first.Hash));

        Assert.Equal((false, 2), (second.Replaced, second.InForce!.Version));
        Assert.Equal((true, 2), (late.Replaced, late.InForce!.Version));
    }

    [Fact]
    public async Task A_file_given_twice_is_a_mistake()
    {
        var file = new StrategyFile("strategy.yaml", TestStrategies.Shop);

        var reply = await Grain.PublishAsync(new PublishStrategy([file, file], ""));

        Assert.Contains("more than once", Assert.Single(reply.Mistakes).Message, StringComparison.Ordinal);
        Assert.Null(reply.InForce);
    }

    [Fact]
    public async Task What_another_silo_published_comes_into_force_by_itself()
    {
        var clock = new TestClock();
        await using var store = TestStore.Opened();
        await using var here = await TestEngine.StartAsync(store, clock);
        await using var there = await TestEngine.StartAsync(store, clock);
        await here.PublishAsync(_tenant, TestStrategies.Shop);
        var ann = there.Customer(_tenant, "ann");
        Assert.Equal(1, (await ann.AskAsync("q1")).Decision!.StrategyVersion);

        await here.PublishAsync(_tenant, TestStrategies.Sale);
        var catalog = there.Silo(0).GetRequiredService<StrategyCatalog>();
        await Eventually.HoldsAsync(() => catalog.Of(_tenant).Current?.Version == 2);

        Assert.Equal(2, (await ann.AskAsync("q2")).Decision!.StrategyVersion);
    }
}
