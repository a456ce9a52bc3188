using Decisioning.Gateway.Access;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Access;

public sealed class RememberedTests
{
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
