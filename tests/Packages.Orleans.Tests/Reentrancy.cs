using Orleans.Concurrency;
using Orleans.Runtime;

namespace Decisioning.PackageTests;

public sealed class Reentrancy(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    [Theory]
    [InlineData("read", "read", true)]
    [InlineData("read", "write", false)]
    [InlineData("write", "read", false)]
    [InlineData("write", "write", false)]
    [InlineData("write", "always", true)]
    [InlineData("read", "always", true)]
    [InlineData("always", "write", true)]
    [InlineData("always", "always", true)]
    public async Task A_second_call_overlaps_the_first_only_where_both_may(string first, string second, bool overlaps)
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IInterleavingGrain>(name);
        var (one, two) = (name + "1", name + "2");
        var running = Call(grain, first, one);
        await Gates.Wait(one + ":in");
        var other = Call(grain, second, two);
        if (overlaps)
        {
            await Gates.Wait(two + ":in");
        }
        else
        {
            // A call of another kind that may pass shows that the second one had its chance.
            await Call(grain, "always-now", name);
            Assert.False(Gates.IsOpen(two + ":in"));
        }

        Gates.Open(one);
        Gates.Open(two);
        await running;
        await other;
    }

    [Fact]
    public async Task Calls_of_a_reentrant_class_overlap()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IReentrantGrain>(name);
        var first = grain.Hold(name + "1");
        await Gates.Wait(name + "1:in");
        var second = grain.Hold(name + "2");
        await Gates.Wait(name + "2:in");
        Gates.Open(name + "2");
        await second;
        Gates.Open(name + "1");
        await first;
    }

    [Fact]
    public async Task Waiting_calls_run_after_the_one_under_way_each_once()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<IInterleavingGrain>(name);
        var first = grain.Write(name);
        await Gates.Wait(name + ":in");
        var others = new List<Task>();
        for (var i = 0; i < 20; i++)
        {
            others.Add(grain.Note(name, $"{i}"));
            await grain.AlwaysNow();
        }

        Assert.Empty(Notes.Of(name));
        Gates.Open(name);
        await first;
        await Task.WhenAll(others);

        // Mostly in the order of their sending, but the real packages promise none: on a busy machine two of them change places now and then.
        Assert.Equal(Enumerable.Range(0, 20), Notes.Of(name).Select(int.Parse).Order());
    }

    [Fact]
    public async Task A_call_chain_may_come_back_where_its_grain_allows_it()
    {
        var name = Gates.NewName();
        Assert.Equal("back", await _grains.GetGrain<IChainGrain>(name).Start(name + "-other"));
    }

    private static Task Call(IInterleavingGrain grain, string kind, string gate) => kind switch
    {
        "read" => grain.Read(gate),
        "write" => grain.Write(gate),
        "always" => grain.Always(gate),
        _ => grain.AlwaysNow(),
    };
}

[Alias("t.interleaving")]
public interface IInterleavingGrain : IGrainWithStringKey
{
    [Alias("read"), ReadOnly]
    Task Read(string gate);

    [Alias("write")]
    Task Write(string gate);

    [Alias("always"), AlwaysInterleave]
    Task Always(string gate);

    [Alias("always-now"), AlwaysInterleave]
    Task AlwaysNow();

    [Alias("note")]
    Task Note(string name, string note);
}

public sealed class InterleavingGrain : Grain, IInterleavingGrain
{
    public Task Read(string gate) => Hold(gate);

    public Task Write(string gate) => Hold(gate);

    public Task Always(string gate) => Hold(gate);

    public Task AlwaysNow() => Task.CompletedTask;

    public async Task Note(string name, string note)
    {
        await Task.Yield();
        Notes.Add(name, note);
    }

    private static async Task Hold(string gate)
    {
        Gates.Open(gate + ":in");
        await Gates.Wait(gate);
    }
}

[Alias("t.reentrant")]
public interface IReentrantGrain : IGrainWithStringKey
{
    [Alias("hold")]
    Task Hold(string gate);
}

[Reentrant]
public sealed class ReentrantGrain : Grain, IReentrantGrain
{
    public async Task Hold(string gate)
    {
        Gates.Open(gate + ":in");
        await Gates.Wait(gate);
    }
}

[Alias("t.chain")]
public interface IChainGrain : IGrainWithStringKey
{
    [Alias("start")]
    Task<string> Start(string other);

    [Alias("pass")]
    Task<string> Pass(string back);

    [Alias("end")]
    Task<string> End();
}

public sealed class ChainGrain : Grain, IChainGrain
{
    public async Task<string> Start(string other)
    {
        using var section = RequestContext.AllowCallChainReentrancy();
        return await GrainFactory.GetGrain<IChainGrain>(other).Pass(this.GetPrimaryKeyString());
    }

    public Task<string> Pass(string back) => GrainFactory.GetGrain<IChainGrain>(back).End();

    public Task<string> End() => Task.FromResult("back");
}
