using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Decisioning.LoadTests.Stateless.Redis;

/// <summary>
/// One connection to Redis that all callers share: what they ask at the same time goes out in one write, and answers are given to them in
/// the order asked. A connection that is lost is made again; what was under way fails then, since nobody knows what became of it.
/// </summary>
internal sealed class RedisClient : IAsyncDisposable
{
    /// <summary>Requests waiting or under way: more are refused. A hundred times those of 100 callers.</summary>
    public const int WaitingMax = 10_000;

    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromMilliseconds(50);
    private readonly Channel<RedisRequest> _asked = Channel.CreateUnbounded<RedisRequest>(new() { SingleReader = true });
    private readonly ConcurrentQueue<RedisRequest> _underWay = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly string _socket;
    private readonly Task _running;
    private int _waiting;

    /// <param name="socket">The path of the socket where Redis listens.</param>
    public RedisClient(string socket)
    {
        _socket = socket;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Sends commands and waits for their replies, also while the connection is made again.</summary>
    /// <exception cref="RedisException">Redis refused one of them, was lost, or has more to do than it can.</exception>
    public Task<RedisReply[]> SendAsync(RedisRequest request)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax || !_asked.Writer.TryWrite(request))
        {
            Interlocked.Decrement(ref _waiting);
            throw new RedisException(_ending.IsCancellationRequested ? "the connection to redis was closed" : $"more than {WaitingMax} requests wait for redis");
        }

        return request.Answer;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _asked.Writer.TryComplete();
        await _running;
        var closed = new RedisException("the connection to redis was closed");
        FailAll(closed);
        while (_asked.Reader.TryRead(out var unsent))
        {
            unsent.Fail(closed);
        }

        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), _ending.Token);
                await ServeAsync(socket);
            }
            catch (Exception e) when (e is SocketException or IOException or RedisException or OperationCanceledException)
            {
                FailAll(new("the connection to redis was lost", e));
                await Task.Delay(BeforeNextTry, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Whichever side ends first ends the other; what it was comes out.
    private async Task ServeAsync(Socket socket)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        await using var stream = new NetworkStream(socket);
        var (writing, reading) = (WriteAsync(PipeWriter.Create(stream), over.Token), ReadAsync(PipeReader.Create(stream), over.Token));
        var first = await Task.WhenAny(writing, reading);
        await over.CancelAsync();
        await Task.WhenAll(writing, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task WriteAsync(PipeWriter writer, CancellationToken over)
    {
        while (await _asked.Reader.WaitToReadAsync(over))
        {
            while (_asked.Reader.TryRead(out var request))
            {
                // Its answer may come before the write is over.
                _underWay.Enqueue(request);
                writer.Write(request.Bytes.Span);
            }

            await writer.FlushAsync(over);
        }
    }

    private async Task ReadAsync(PipeReader reader, CancellationToken over)
    {
        while (true)
        {
            var read = await reader.ReadAsync(over);
            reader.AdvanceTo(Take(read.Buffer), read.Buffer.End);
            if (read.IsCompleted)
            {
                throw new IOException("redis closed the connection");
            }
        }
    }

    private SequencePosition Take(ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        while (RespReader.TryRead(ref reader, out var reply))
        {
            if (!_underWay.TryPeek(out var request))
            {
                throw new RedisException("redis answered what nobody asked");
            }

            if (request.Take(reply))
            {
                _underWay.TryDequeue(out _);
                Interlocked.Decrement(ref _waiting);
            }
        }

        return reader.Position;
    }

    private void FailAll(RedisException failure)
    {
        while (_underWay.TryDequeue(out var request))
        {
            Interlocked.Decrement(ref _waiting);
            request.Fail(failure);
        }
    }
}
