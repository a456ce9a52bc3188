using System.Collections.Concurrent;
using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;
using NBomber.Contracts;

namespace Decisioning.LoadTests.Tests.Runs;

public sealed class LinesTests
{
    [Fact]
    public async Task Calls_beyond_the_lines_wait_for_one_and_each_is_made_once_in_order()
    {
        const int calls = 3 * Lines.Max;
        var under = new ConcurrentQueue<(long Number, TaskCompletionSource<IResponse> Answer)>();
        var lines = new Lines(number =>
        {
            var answer = new TaskCompletionSource<IResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
            under.Enqueue((number, answer));
            return answer.Task;
        });
        var all = Enumerable.Range(0, calls).Select(number => lines.CallAsync(number)).ToList();
        List<long> made = [];

        for (var ended = 0; ended < calls; ended++)
        {
            Assert.True(SpinWait.SpinUntil(() => under.Count == Math.Min(Lines.Max, calls - ended), TimeSpan.FromSeconds(20)));
            Assert.True(under.TryDequeue(out var call));
            made.Add(call.Number);
            call.Answer.SetResult(Answers.Well);
        }

        Assert.All(await Task.WhenAll(all), response => Assert.False(response.IsError));
        Assert.Equal(Enumerable.Range(0, calls).Select(number => (long)number), made);
    }

    [Fact]
    public async Task A_call_that_throws_gives_its_line_back()
    {
        var lines = new Lines(static number => number < 2 * Lines.Max ? throw new InvalidOperationException() : Task.FromResult(Answers.Well));
        for (var number = 0; number < 2 * Lines.Max; number++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => lines.CallAsync(number));
        }

        Assert.False((await lines.CallAsync(2 * Lines.Max)).IsError);
    }
}
