using System.Collections.Concurrent;
using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;
using Decisioning.Tests.Shared;
using NBomber.Contracts;

namespace Decisioning.LoadTests.Tests.Runs;

public sealed class LinesTests
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

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
        }, TimeProvider.System);
        var all = Enumerable.Range(0, calls).Select(number => lines.CallAsync(number)).ToList();
        List<long> made = [];

        for (var ended = 0; ended < calls; ended++)
        {
            Assert.True(SpinWait.SpinUntil(() => under.Count == Math.Min(Lines.Max, calls - ended), WaitMax));
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
        var lines = new Lines(static number => number < 2 * Lines.Max ? throw new InvalidOperationException() : Task.FromResult(Answers.Well), TimeProvider.System);
        for (var number = 0; number < 2 * Lines.Max; number++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => lines.CallAsync(number).WaitAsync(WaitMax));
        }

        Assert.False((await lines.CallAsync(2 * Lines.Max).WaitAsync(WaitMax)).IsError);
    }

    [Fact]
    public async Task A_caller_that_had_no_line_until_its_patience_was_over_calls_no_more_and_leaves_the_line_to_the_next()
    {
        var (clock, made, busy) = (new TestClock(), new ConcurrentQueue<long>(), new TaskCompletionSource<IResponse>(TaskCreationOptions.RunContinuationsAsynchronously));
        var lines = new Lines(
            number =>
            {
                made.Enqueue(number);
                return number == 0 ? busy.Task : number < Lines.Max ? new TaskCompletionSource<IResponse>().Task : Task.FromResult(Answers.Well);
            },
            clock);
        _ = Enumerable.Range(0, Lines.Max).Select(number => lines.CallAsync(number)).ToList();
        var late = lines.CallAsync(Lines.Max);
        clock.Advance(Answers.CallMax);
        var next = lines.CallAsync(Lines.Max + 1);

        busy.SetResult(Answers.Well);

        Assert.Same(Answers.TooLate, await late.WaitAsync(WaitMax));
        Assert.Same(Answers.Well, await next.WaitAsync(WaitMax));
        Assert.DoesNotContain(Lines.Max, made);
    }
}
