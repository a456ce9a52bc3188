using System.Diagnostics;
using Decisioning.Gateway.Access;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Access;

public sealed class RememberedTests
{
    [Fact]
    public async Task What_is_looked_up_behind_the_calls_is_traced_with_none_of_them()
    {
        var (clock, askers, renewed) = (new TestClock(), new List<Activity?>(), new TaskCompletionSource());
        var remembered = new Remembered<int>(Look, TimeSpan.FromSeconds(5), clock);
        using var call = new Activity("call").Start();

        await remembered.GetAsync();
        clock.Advance(TimeSpan.FromSeconds(3));
        await remembered.GetAsync();
        await renewed.Task;

        // The first was waited for, as a part of its call.
        Assert.Equal([call, null], askers);
        Assert.Same(call, Activity.Current);

        Task<int> Look()
        {
            askers.Add(Activity.Current);
            if (askers.Count == 2)
            {
                renewed.SetResult();
            }

            return Task.FromResult(askers.Count);
        }
    }

    [Fact]
    public async Task What_was_being_looked_up_when_it_was_to_be_forgotten_is_not_remembered()
    {
        var asked = new TaskCompletionSource();
        var stale = new TaskCompletionSource<bool>();
        var looks = new Queue<Func<Task<bool>>>([() => Asked(stale.Task), () => Task.FromResult(true)]);
        var remembered = new Remembered<bool>(() => looks.Dequeue()(), TimeSpan.FromSeconds(5), new TestClock());

        var before = remembered.GetAsync();
        await asked.Task;
        remembered.Forget();
        Assert.True(await remembered.GetAsync());
        stale.SetResult(false);

        Assert.False(await before);
        Assert.True(await remembered.GetAsync());

        Task<bool> Asked(Task<bool> answer)
        {
            asked.SetResult();
            return answer;
        }
    }
}
