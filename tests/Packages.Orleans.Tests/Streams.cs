using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace Decisioning.PackageTests;

public sealed class Streams(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    private IStreamProvider Provider => cluster.Client.GetStreamProvider("memory");

    [Fact]
    public async Task A_client_gets_what_a_client_publishes_in_order()
    {
        var name = Gates.NewName();
        var stream = Provider.GetStream<Line>(StreamId.Create("lines", name));
        var handle = await stream.SubscribeAsync((line, _) => Note(name, line, until: 50));
        for (var i = 1; i <= 50; i++)
        {
            await stream.OnNextAsync(new($"{i}", i, 0m));
        }

        await Gates.Wait(name);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"{i}"), Notes.Of(name));
        await handle.UnsubscribeAsync();
    }

    [Fact]
    public async Task Who_had_no_news_for_longer_than_news_are_kept_gets_the_next()
    {
        var name = Gates.NewName();
        var brief = cluster.Client.GetStreamProvider("brief");
        var stream = brief.GetStream<Line>(StreamId.Create("lines", name));
        var handle = await stream.SubscribeAsync((line, _) => Note(name, line, until: 2));
        await stream.OnNextAsync(new("1", 1, 0m));

        // So many that some share a queue with it.
        var others = Enumerable.Range(0, 32).Select(i => brief.GetStream<Line>(StreamId.Create("others", $"{name}{i}"))).ToList();
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < ClusterFixture.Briefly * 3;)
        {
            foreach (var other in others)
            {
                await other.OnNextAsync(new("other", 0, 0m));
            }
        }

        await stream.OnNextAsync(new("2", 2, 0m));
        await Gates.Wait(name);
        Assert.Equal(["1", "2"], Notes.Of(name));
        await handle.UnsubscribeAsync();
    }

    [Fact]
    public async Task A_client_gets_what_a_grain_publishes()
    {
        var name = Gates.NewName();
        var handle = await Provider.GetStream<Line>(StreamId.Create("lines", name)).SubscribeAsync(new Observer(name));
        await _grains.GetGrain<IStreamGrain>(Gates.NewName()).Publish(name, 3);
        await Gates.Wait(name);
        Assert.Equal(["1", "2", "3"], Notes.Of(name));
        await handle.UnsubscribeAsync();
    }

    [Fact]
    public async Task A_grain_gets_events_as_turns_of_its_own()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IStreamGrain>(name);
        await grain.Subscribe(name);
        var stream = Provider.GetStream<Line>(StreamId.Create("lines", name));
        await stream.OnNextAsync(new("1", 1, 0m));
        await stream.OnNextAsync(new("2", 2, 0m));
        await stream.OnNextAsync(new("3", 3, 0m));
        await Gates.Wait(name);
        Assert.Equal(["1 own", "2 own", "3 own"], Notes.Of(name));
    }

    [Fact]
    public async Task A_grains_subscription_outlives_its_activation_when_it_is_resumed()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IStreamGrain>(name);
        await grain.Subscribe(name);
        await grain.Leave();
        var stream = Provider.GetStream<Line>(StreamId.Create("lines", name));
        await stream.OnNextAsync(new("3", 3, 0m));
        await Gates.Wait(name);
        Assert.Equal(["3 own"], Notes.Of(name));
    }

    [Fact]
    public async Task An_unsubscribed_grain_gets_nothing_more()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IStreamGrain>(name);
        await grain.Subscribe(name);
        Assert.Equal(1, await grain.Unsubscribe(name));
        var handle = await Provider.GetStream<Line>(StreamId.Create("lines", name)).SubscribeAsync(new Observer(name + "-client"));
        await grain.Publish(name, 3);
        await Gates.Wait(name + "-client");
        Assert.Empty(Notes.Of(name));
        await handle.UnsubscribeAsync();
    }

    [Fact]
    public async Task Each_of_two_subscribers_gets_every_event()
    {
        var name = Gates.NewName();
        var stream = Provider.GetStream<Line>(StreamId.Create("lines", name));
        var handles = new[] { await stream.SubscribeAsync(new Observer(name + "1")), await stream.SubscribeAsync(new Observer(name + "2")) };
        await _grains.GetGrain<IStreamGrain>(Gates.NewName()).Publish(name, 3);
        await Gates.Wait(name + "1");
        await Gates.Wait(name + "2");
        Assert.Equal(["1", "2", "3"], Notes.Of(name + "1"));
        Assert.Equal(["1", "2", "3"], Notes.Of(name + "2"));
        foreach (var handle in handles)
        {
            await handle.UnsubscribeAsync();
        }
    }

    [Fact]
    public async Task Publishing_where_nobody_listens_is_no_error() =>
        await Provider.GetStream<Line>(StreamId.Create("lines", Gates.NewName())).OnNextAsync(new("1", 1, 0m));

    [Fact]
    public void A_stream_is_known_by_its_namespace_and_key()
    {
        var stream = Provider.GetStream<Line>(StreamId.Create("lines", "a"));
        Assert.Equal(("lines", "a", "memory"), (stream.StreamId.GetNamespace(), stream.StreamId.GetKeyAsString(), stream.ProviderName));
        Assert.Equal(StreamId.Create("lines", "a"), stream.StreamId);
        Assert.NotEqual(StreamId.Create("other", "a"), stream.StreamId);
        Assert.Equal("lines/a", stream.StreamId.ToString());
    }

    [Fact]
    public void A_provider_is_a_keyed_service() =>
        Assert.Equal("memory", cluster.Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IStreamProvider>("memory").Name);

    [Fact]
    public void A_provider_that_nobody_added_is_refused() =>
        Assert.ThrowsAny<Exception>(() => cluster.Client.GetStreamProvider("nowhere").GetStream<Line>(StreamId.Create("lines", "a")));

    internal static Task Note(string name, Line line, int until, string more = "")
    {
        Notes.Add(name, line.Name + more);
        if (line.Units == until)
        {
            Gates.Open(name);
        }

        return Task.CompletedTask;
    }

    private sealed class Observer(string name) : IAsyncObserver<Line>
    {
        public Task OnNextAsync(Line item, StreamSequenceToken? token = null) => Note(name, item, until: 3);

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }
}

[Alias("t.stream")]
public interface IStreamGrain : IGrainWithStringKey
{
    [Alias("subscribe")]
    Task Subscribe(string stream);

    [Alias("unsubscribe")]
    Task<int> Unsubscribe(string stream);

    [Alias("publish")]
    Task Publish(string stream, int events);

    [Alias("leave")]
    Task Leave();
}

public sealed class StreamGrain : Grain, IStreamGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var handle in await Stream(this.GetPrimaryKeyString()).GetAllSubscriptionHandles())
        {
            await handle.ResumeAsync(OnLine);
        }
    }

    public Task Subscribe(string stream) => Stream(stream).SubscribeAsync(OnLine);

    public async Task<int> Unsubscribe(string stream)
    {
        var handles = await Stream(stream).GetAllSubscriptionHandles();
        foreach (var handle in handles)
        {
            await handle.UnsubscribeAsync();
        }

        return handles.Count;
    }

    public async Task Publish(string stream, int events)
    {
        for (var i = 1; i <= events; i++)
        {
            await Stream(stream).OnNextAsync(new($"{i}", i, 0m));
        }
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private IAsyncStream<Line> Stream(string name) => this.GetStreamProvider("memory").GetStream<Line>(StreamId.Create("lines", name));

    private Task OnLine(Line line, StreamSequenceToken? token) => Streams.Note(
        this.GetPrimaryKeyString(), line, until: 3, TaskScheduler.Current == TaskScheduler.Default ? " pool" : " own");
}
