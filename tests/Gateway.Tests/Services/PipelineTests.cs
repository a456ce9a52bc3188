using System.Threading.Channels;
using Decisioning.Gateway.Services;
using Grpc.Core;

namespace Decisioning.Gateway.Tests.Services;

public sealed class PipelineTests : IDisposable
{
    private readonly Stream _requests = new();
    private readonly List<TaskCompletionSource<int>> _answers = [.. Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously))];
    private readonly Channel<int> _started = Channel.CreateUnbounded<int>();
    private readonly Stream _responses = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cancelled = new();

    public void Dispose()
    {
        _stopping.Dispose();
        _cancelled.Dispose();
    }

    [Fact]
    public async Task Answers_come_in_the_order_of_the_requests()
    {
        var run = Run(inFlightMax: 4, requests: 3);
        await StartedAsync(3);
        _answers[2].SetResult(102);
        _answers[1].SetResult(101);
        Assert.Equal(0, _responses.Count);
        _answers[0].SetResult(100);
        await run;
        Assert.Equal([100, 101, 102], _responses.All());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_more_are_under_way_than_allowed(int inFlightMax)
    {
        var run = Run(inFlightMax, requests: 10);
        await StartedAsync(inFlightMax);
        for (var i = 0; i < 10 - inFlightMax; i++)
        {
            // Each answer lets exactly one more start.
            Assert.False(_started.Reader.TryRead(out _));
            _answers[i].SetResult(i);
            Assert.Equal(inFlightMax + i, await _started.Reader.ReadAsync(TestContext.Current.CancellationToken));
        }

        foreach (var answer in _answers)
        {
            answer.TrySetResult(0);
        }

        await run;
        Assert.Equal(10, _responses.Count);
    }

    [Fact]
    public async Task The_first_failure_ends_it_after_the_answers_before_it()
    {
        var run = Run(inFlightMax: 4, requests: 3, complete: false);
        await StartedAsync(3);
        _answers[2].SetResult(102);
        _answers[1].SetException(new InvalidOperationException("down"));
        _answers[0].SetResult(100);
        Assert.Equal("down", (await Assert.ThrowsAsync<InvalidOperationException>(() => run)).Message);
        Assert.Equal([100], _responses.All());
    }

    [Fact]
    public async Task A_request_that_no_answer_can_begin_for_ends_it_after_the_answers_before_it()
    {
        const int Unanswerable = -1;
        _requests.Add(0);
        _requests.Add(Unanswerable);
        var run = Run(inFlightMax: 4, requests: 0, complete: false);
        await StartedAsync(1);
        Assert.False(run.IsCompleted);
        _answers[0].SetResult(100);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => run);
        Assert.Equal([100], _responses.All());
    }

    [Fact]
    public async Task A_cancelled_call_ends()
    {
        var run = Run(inFlightMax: 4, requests: 0, complete: false);
        await _cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task What_is_answered_by_the_time_an_answer_goes_out_goes_along_and_nothing_waits_for_what_is_not()
    {
        var run = Run(inFlightMax: 6, requests: 5);
        await StartedAsync(5);
        _answers[1].SetResult(101);
        _answers[2].SetResult(102);
        _answers[0].SetResult(100);
        await _responses.SentAsync(3);
        Assert.Equal([3], _responses.SentTogether);
        _answers[3].SetResult(103);
        await _responses.SentAsync(4);
        _answers[4].SetResult(104);
        await run;
        Assert.Equal([3, 1, 1], _responses.SentTogether);
        Assert.Equal([100, 101, 102, 103, 104], _responses.All());
    }

    [Fact]
    public async Task A_stopping_engine_answers_what_it_took_in()
    {
        var run = Run(inFlightMax: 4, requests: 2, complete: false);
        await StartedAsync(2);
        await _stopping.CancelAsync();
        _answers[0].SetResult(100);
        _answers[1].SetResult(101);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => run)).StatusCode);
        Assert.Equal([100, 101], _responses.All());
    }

    private Task Run(int inFlightMax, int requests, bool complete = true)
    {
        for (var i = 0; i < requests; i++)
        {
            _requests.Add(i);
        }

        if (complete)
        {
            _requests.Complete();
        }

        return Pipeline.RunAsync<int, int>(_requests, _responses, inFlightMax, AnswerAsync, _stopping.Token, _cancelled.Token);

        Task<int> AnswerAsync(int request)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(request);
            _started.Writer.TryWrite(request);
            return _answers[request].Task;
        }
    }

    private async Task StartedAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i, await _started.Reader.ReadAsync(TestContext.Current.CancellationToken));
        }
    }

    /// <summary>One end of a gRPC stream, without a network.</summary>
    private sealed class Stream : IAsyncStreamReader<int>, IServerStreamWriter<int>
    {
        private readonly Channel<int> _items = Channel.CreateUnbounded<int>();
        private readonly Channel<int> _sent = Channel.CreateUnbounded<int>();
        private int _written;
        private int _unsent;

        public int Current { get; private set; }

        public int Count => _items.Reader.Count;

        public WriteOptions? WriteOptions { get; set; }

        /// <summary>How many went out at a time.</summary>
        public List<int> SentTogether { get; } = [];

        public void Add(int item) => _items.Writer.TryWrite(item);

        public void Complete() => _items.Writer.TryComplete();

        public IEnumerable<int> All()
        {
            while (_items.Reader.TryRead(out var item))
            {
                yield return item;
            }
        }

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await _items.Reader.WaitToReadAsync(cancellationToken))
            {
                return false;
            }

            Current = await _items.Reader.ReadAsync(cancellationToken);
            return true;
        }

        /// <summary>Ends when so many went out.</summary>
        public async Task SentAsync(int count)
        {
            while (_written - _unsent < count)
            {
                await _sent.Reader.ReadAsync(TestContext.Current.CancellationToken);
            }
        }

        public Task WriteAsync(int message)
        {
            Add(message);
            _written++;
            _unsent++;
            if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true)
            {
                SentTogether.Add(_unsent);
                _unsent = 0;
                _sent.Writer.TryWrite(0);
            }

            return Task.CompletedTask;
        }

        public Task WriteAsync(int message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
