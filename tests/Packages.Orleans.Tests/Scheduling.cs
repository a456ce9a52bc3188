using Orleans.Concurrency;
using Orleans.Runtime;

namespace Decisioning.PackageTests;

public sealed class Scheduling(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    [Fact]
    public async Task A_turn_runs_on_the_activations_own_scheduler_and_so_does_what_follows_an_await() =>
        Assert.Equal("own own own", await _grains.GetGrain<ITurnGrain>(Gates.NewName()).Schedulers());

    [Fact]
    public async Task Nothing_ambient_of_the_caller_reaches_the_grain()
    {
        var ambient = TurnGrain.Ambient;
        ambient.Value = "caller";
        Assert.Equal("none", await _grains.GetGrain<ITurnGrain>(Gates.NewName()).AmbientValue());
        Assert.Equal("caller", ambient.Value);
    }

    [Fact]
    public async Task Calls_from_many_callers_never_overlap()
    {
        var grain = _grains.GetGrain<ITurnGrain>(Gates.NewName());
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await grain.Add();
            }
        })));
        Assert.Equal((64 * 20, 1), await grain.Totals());
    }

    [Fact]
    public async Task A_call_that_awaits_keeps_the_next_one_waiting()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ITurnGrain>(name);
        var first = grain.Hold(name);
        await Gates.Wait(name + ":in");
        var second = grain.Add();
        await _grains.GetGrain<ITurnGrain>(name + "-other").Add();
        Assert.False(second.IsCompleted);
        Gates.Open(name);
        await first;
        await second;
    }

    [Fact]
    public async Task An_exception_passes_to_the_caller_with_its_type_and_message()
    {
        var grain = _grains.GetGrain<ITurnGrain>(Gates.NewName());
        Assert.Equal("boom", (await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Throw(later: false))).Message);
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Throw(later: true));
        Assert.Contains(nameof(TurnGrain), exception.StackTrace, StringComparison.Ordinal);
        Assert.Equal("mine 7", (await Assert.ThrowsAsync<OwnException>(() => grain.ThrowOwn(7))).Message);
        await grain.Add();
    }

    [Fact]
    public async Task A_value_task_method_answers_and_fails_like_a_task_method()
    {
        var grain = _grains.GetGrain<ITurnGrain>(Gates.NewName());
        Assert.Equal(3, await grain.Quick(3, later: false));
        Assert.Equal(4, await grain.Quick(4, later: true));
        await grain.QuickVoid();
        await Assert.ThrowsAsync<ArgumentException>(async () => await grain.Quick(-1, later: false));
        await Assert.ThrowsAsync<ArgumentException>(async () => await grain.Quick(-1, later: true));
    }

    [Fact]
    public async Task The_services_of_an_activation_throw_outside_its_turns() =>
        Assert.Equal(
            "factory:InvalidOperationException timer:InvalidOperationException factory-again:none",
            await _grains.GetGrain<ITurnGrain>(Gates.NewName()).OutsideTheTurn());

    [Fact]
    public async Task A_one_way_call_does_not_wait_and_hides_the_failure()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ITurnGrain>(name);
        await grain.Tell(name);
        Gates.Open(name);
        await Gates.Wait(name + ":told");
        await grain.TellFailing();
        await grain.Add();
    }

    [Fact]
    public async Task A_call_longer_than_its_timeout_fails_for_the_caller_and_goes_on()
    {
        var name = Gates.NewName();
        var grain = _grains.GetGrain<ITurnGrain>(name);
        var call = grain.HoldShortly(name);
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Gates.Open(name);
        await Gates.Wait(name + ":out");
    }

    [Fact]
    public async Task A_cycle_of_calls_ends_with_a_timeout()
    {
        var name = Gates.NewName();
        await Assert.ThrowsAsync<TimeoutException>(() => _grains.GetGrain<ITurnGrain>(name).CallBack(name + "-b", depth: 1));
    }

    [Fact]
    public async Task Workers_of_one_key_run_at_the_same_time_up_to_their_number()
    {
        var name = Gates.NewName();
        var worker = _grains.GetGrain<IWorkerGrain>(name);
        var calls = Enumerable.Range(0, 2).Select(i => worker.Work($"{name}{i}", name)).ToArray();
        await Gates.Wait($"{name}0:in");
        await Gates.Wait($"{name}1:in");
        Gates.Open(name);
        var activations = await Task.WhenAll(calls);
        Assert.Equal(2, activations.Distinct().Count());
    }

    [Fact]
    public async Task Values_of_the_request_context_travel_down_the_calls_and_not_back()
    {
        var name = Gates.NewName();
        RequestContext.Set("who", "test");
        Assert.Equal("test/test", await _grains.GetGrain<ITurnGrain>(name).Who(name + "-inner"));
        Assert.Equal("test", RequestContext.Get("who"));
        RequestContext.Remove("who");
        Assert.Equal("/", await _grains.GetGrain<ITurnGrain>(name).Who(name + "-inner"));
    }

    [Fact]
    public async Task A_sequence_comes_item_by_item_and_its_failure_last()
    {
        var grain = _grains.GetGrain<ITurnGrain>(Gates.NewName());
        var items = new List<int>();
        await foreach (var item in grain.Count(250))
        {
            items.Add(item);
        }

        Assert.Equal(Enumerable.Range(0, 250), items);
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var item in grain.Count(-1))
            {
                items.Add(item);
            }
        });
    }
}

[GenerateSerializer, Alias("t.own-exception")]
public sealed class OwnException(string message) : Exception(message);

[Alias("t.turn")]
public interface ITurnGrain : IGrainWithStringKey
{
    [Alias("schedulers")]
    Task<string> Schedulers();

    [Alias("ambient")]
    Task<string> AmbientValue();

    [Alias("add")]
    Task Add();

    [Alias("totals")]
    Task<(int Calls, int Most)> Totals();

    [Alias("hold")]
    Task Hold(string gate);

    [Alias("hold-shortly"), ResponseTimeout("00:00:01")]
    Task HoldShortly(string gate);

    [Alias("throw")]
    Task Throw(bool later);

    [Alias("throw-own")]
    Task ThrowOwn(int number);

    [Alias("quick")]
    ValueTask<int> Quick(int value, bool later);

    [Alias("quick-void")]
    ValueTask QuickVoid();

    [Alias("outside")]
    Task<string> OutsideTheTurn();

    [Alias("tell"), OneWay]
    Task Tell(string gate);

    [Alias("tell-failing"), OneWay]
    Task TellFailing();

    [Alias("call-back"), ResponseTimeout("00:00:02")]
    Task CallBack(string other, int depth);

    [Alias("who")]
    Task<string> Who(string inner);

    [Alias("who-inner")]
    Task<string> WhoInner();

    [Alias("count")]
    IAsyncEnumerable<int> Count(int items);
}

public sealed class TurnGrain : Grain, ITurnGrain
{
    public static readonly AsyncLocal<string?> Ambient = new();

    private int _calls;
    private int _now;
    private int _most;

    public async Task<string> Schedulers()
    {
        var own = TaskScheduler.Current;
        var seen = new List<string> { own == TaskScheduler.Default ? "pool" : "own" };
        await Task.Yield();
        seen.Add(TaskScheduler.Current == own ? "own" : "other");
        await Task.Run(static () => { });
        seen.Add(TaskScheduler.Current == own ? "own" : "other");
        return string.Join(' ', seen);
    }

    public Task<string> AmbientValue() => Task.FromResult(Ambient.Value ?? "none");

    public async Task Add()
    {
        _most = Math.Max(_most, ++_now);
        var calls = _calls;
        await Task.Yield();
        _calls = calls + 1;
        _now--;
    }

    public Task<(int Calls, int Most)> Totals() => Task.FromResult((_calls, _most));

    public async Task Hold(string gate)
    {
        Gates.Open(gate + ":in");
        await Gates.Wait(gate);
        Gates.Open(gate + ":out");
    }

    public Task HoldShortly(string gate) => Hold(gate);

    public async Task Throw(bool later)
    {
        if (later)
        {
            await Task.Yield();
        }

        throw new InvalidOperationException("boom");
    }

    public Task ThrowOwn(int number) => throw new OwnException($"mine {number}");

    public async ValueTask<int> Quick(int value, bool later)
    {
        if (later)
        {
            await Task.Yield();
        }

        return value >= 0 ? value : throw new ArgumentException("negative", nameof(value));
    }

    public ValueTask QuickVoid() => default;

    public async Task<string> OutsideTheTurn()
    {
        var outside = await Task.Run(() => $"factory:{Failure(() => GrainFactory)} timer:{Failure(Timer)}");
        return $"{outside} factory-again:{Failure(() => GrainFactory)}";

        object Timer() => this.RegisterGrainTimer(static () => Task.CompletedTask, new() { DueTime = TimeSpan.FromHours(1), Period = TimeSpan.FromHours(1) });
    }

    public async Task Tell(string gate)
    {
        await Gates.Wait(gate);
        Gates.Open(gate + ":told");
    }

    public Task TellFailing() => throw new InvalidOperationException("nobody hears this");

    public async Task CallBack(string other, int depth)
    {
        if (depth >= 0)
        {
            await GrainFactory.GetGrain<ITurnGrain>(other).CallBack(this.GetPrimaryKeyString(), depth - 1);
        }
    }

    public async Task<string> Who(string inner) => $"{RequestContext.Get("who")}/{await GrainFactory.GetGrain<ITurnGrain>(inner).WhoInner()}";

    public Task<string> WhoInner()
    {
        var who = RequestContext.Get("who") as string;
        if (who is not null)
        {
            RequestContext.Set("who", "inner");
        }

        return Task.FromResult(who ?? "");
    }

    public async IAsyncEnumerable<int> Count(int items)
    {
        for (var i = 0; i < items; i++)
        {
            await Task.Yield();
            yield return i;
        }

        if (items < 0)
        {
            throw new InvalidOperationException("no items");
        }
    }

    private static string Failure(Func<object> action)
    {
        try
        {
            action();
            return "none";
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }
}

[Alias("t.worker")]
public interface IWorkerGrain : IGrainWithStringKey
{
    [Alias("work")]
    Task<Guid> Work(string mark, string gate);
}

[StatelessWorker(2)]
public sealed class WorkerGrain : Grain, IWorkerGrain
{
    private readonly Guid _id = Guid.NewGuid();

    public async Task<Guid> Work(string mark, string gate)
    {
        Gates.Open(mark + ":in");
        await Gates.Wait(gate);
        return _id;
    }
}
