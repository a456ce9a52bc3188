namespace Decisioning.Storage.Tests;

/// <summary>What every adapter promises of strategies.</summary>
public abstract class StrategyStoreContract
{
    /// <summary>The store under test.</summary>
    protected abstract IStrategyStore Strategies { get; }

    [Fact]
    public async Task Nothing_published_is_nothing_found()
    {
        Assert.Null(await Strategies.FindLatestAsync("default", newerThan: 0, CancellationToken.None));
        Assert.Null(await Strategies.FindVersionAsync("default", 1, CancellationToken.None));
        Assert.Null(await Strategies.FindHashAsync("default", "aa", CancellationToken.None));
    }

    [Fact]
    public async Task Each_publication_gets_the_next_version_and_a_repeat_of_the_newest_none()
    {
        int[] versions = [await Publish("aa"), await Publish("bb"), await Publish("bb"), await Publish("aa")];

        Assert.Equal([1, 2, 2, 3], versions);

        Assert.Equal(3, (await Strategies.FindLatestAsync("default", newerThan: 0, CancellationToken.None))?.Version);
        Assert.Equal(3, (await Strategies.FindLatestAsync("default", newerThan: 2, CancellationToken.None))?.Version);
        Assert.Null(await Strategies.FindLatestAsync("default", newerThan: 3, CancellationToken.None));
        Assert.Equal(3, (await Strategies.FindHashAsync("default", "aa", CancellationToken.None))?.Version);
        Assert.Equal("bb", (await Strategies.FindVersionAsync("default", 2, CancellationToken.None))?.Hash);
    }

    [Fact]
    public async Task A_strategy_comes_back_as_it_was_written_its_files_by_path()
    {
        var published = await Strategies.PublishAsync(
            "default", "retail", "aa", [new("rules.yaml", "rules: []\n"), new("a/b.yaml", "“naïve”\r\n"), new("empty.yaml", "")], Samples.Start.AddTicks(7), CancellationToken.None);

        var found = await Strategies.FindLatestAsync("default", newerThan: 0, CancellationToken.None);

        Assert.Equivalent(published, found, strict: true);
        Assert.Equal(("retail", Samples.Start.AddTicks(7)), (found!.Name, found.PublishedAt));
        Assert.Equal([new("a/b.yaml", "“naïve”\r\n"), new("empty.yaml", ""), new StrategyFile("rules.yaml", "rules: []\n")], found.Files);
    }

    [Fact]
    public async Task Tenants_have_versions_of_their_own()
    {
        await Publish("aa");

        Assert.Equal(1, (await Strategies.PublishAsync("other", "bank", "bb", [new("s.yaml", "")], Samples.Start, CancellationToken.None)).Version);
        Assert.Null(await Strategies.FindHashAsync("other", "aa", CancellationToken.None));
    }

    private async Task<int> Publish(string hash) =>
        (int)(await Strategies.PublishAsync("default", "retail", hash, [new("s.yaml", hash)], Samples.Start, CancellationToken.None)).Version;
}
