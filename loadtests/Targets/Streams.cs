using System.Threading.Channels;
using Grpc.Core;
using NBomber.Contracts;
using NBomber.CSharp;

namespace Decisioning.LoadTests.Targets;

/// <summary>
/// Streams that many callers share: each asks and gets the answer of its own question, as if it were a call. Answers of a stream come in
/// the order of its questions.
/// </summary>
internal sealed class Streams<TRequest, TResponse> : IAsyncDisposable
{
    private readonly One[] _streams;
    private int _next = -1;

    public Streams(int count, Func<AsyncDuplexStreamingCall<TRequest, TResponse>> open, Func<TResponse, IResponse> judge) =>
        _streams = [.. Enumerable.Range(0, count).Select(_ => new One(open(), judge))];

    public Task<IResponse> AskAsync(TRequest request) => _streams[(int)((uint)Interlocked.Increment(ref _next) % (uint)_streams.Length)].AskAsync(request);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
        {
            await stream.DisposeAsync();
        }
    }

    private sealed class One : IAsyncDisposable
    {
        // More than the engine lets wait on a stream: what it pushes back waits here, and is counted as waiting.
        private const int QueueMax = 100_000;

        private readonly Channel<(TRequest Request, TaskCompletionSource<IResponse> Answer)> _asked =
            Channel.CreateBounded<(TRequest, TaskCompletionSource<IResponse>)>(new BoundedChannelOptions(QueueMax) { SingleReader = true });

        private readonly Channel<TaskCompletionSource<IResponse>> _underWay = Channel.CreateUnbounded<TaskCompletionSource<IResponse>>(new() { SingleReader = true, SingleWriter = true });
        private readonly AsyncDuplexStreamingCall<TRequest, TResponse> _call;
        private readonly Func<TResponse, IResponse> _judge;
        private readonly Task _running;

        public One(AsyncDuplexStreamingCall<TRequest, TResponse> call, Func<TResponse, IResponse> judge)
        {
            (_call, _judge) = (call, judge);
            _running = RunAsync();
        }

        public Task<IResponse> AskAsync(TRequest request)
        {
            var answer = new TaskCompletionSource<IResponse>();
            return _asked.Writer.TryWrite((request, answer)) ? answer.Task : Task.FromResult<IResponse>(Response.Fail("not sent", "the stream is behind or over"));
        }

        public async ValueTask DisposeAsync()
        {
            _asked.Writer.TryComplete();
            await _running;
            _call.Dispose();
        }

        private async Task RunAsync()
        {
            var reading = Task.Run(ReadAsync);
            await Task.WhenAll(Task.Run(WriteAsync), reading);
            var end = await reading;
            while (_asked.Reader.TryRead(out var unsent))
            {
                unsent.Answer.SetResult(end);
            }

            while (_underWay.Reader.TryRead(out var left))
            {
                left.SetResult(end);
            }
        }

        private async Task WriteAsync()
        {
            try
            {
                await foreach (var (request, answer) in _asked.Reader.ReadAllAsync())
                {
                    _underWay.Writer.TryWrite(answer);
                    await _call.RequestStream.WriteAsync(request);
                }

                await _call.RequestStream.CompleteAsync();
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
            {
                // The reading side says what became of the stream.
                _asked.Writer.TryComplete();
            }
        }

        private async Task<IResponse> ReadAsync()
        {
            try
            {
                while (await _call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    if (_underWay.Reader.TryRead(out var answer))
                    {
                        answer.SetResult(_judge(_call.ResponseStream.Current));
                    }
                }

                return Response.Fail("over", "the stream ended before it answered");
            }
            catch (RpcException e)
            {
                return Answers.Failed(e);
            }
            finally
            {
                _asked.Writer.TryComplete();
            }
        }
    }
}
