using System.Buffers.Binary;
using System.Net.Sockets;

namespace Decisioning.Simulation.Tests.Attack.Wire;

/// <summary>A connection of HTTP/2 whose frames are written by hand.</summary>
internal sealed class Http2Connection : IDisposable
{
    private readonly TcpClient _socket;
    private readonly NetworkStream _stream;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _pong = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint? _goAway;
    private uint? _resetCode;
    private string? _status;

    private Http2Connection(TcpClient socket, bool reads)
    {
        (_socket, _stream) = (socket, socket.GetStream());
        if (reads)
        {
            _ = ReadAsync();
        }
    }

    /// <summary>Whether the engine has closed it.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>Streams that the engine reset.</summary>
    public int Resets { get; private set; }

    /// <summary>Frames of headers that came: answers and their trailers.</summary>
    public int Answers { get; private set; }

    /// <summary>How it stands: <c>GOAWAY PROTOCOL_ERROR</c>, <c>closed</c>, <c>RST CANCEL</c>, <c>answered</c>, <c>open</c>.</summary>
    public string State => _goAway is { } code ? $"GOAWAY {Http2Frames.Name(code)}"
        : IsClosed ? "closed"
        : _resetCode is { } reset ? $"RST {Http2Frames.Name(reset)}"
        : _status is { } status ? $"answered {status}" : "open";

    /// <summary>Opens one.</summary>
    /// <param name="address">Whereto.</param>
    /// <param name="greets">Whether it begins as clients do.</param>
    /// <param name="reads">Whether it reads what comes.</param>
    public static async Task<Http2Connection> OpenAsync(Uri address, bool greets = true, bool reads = true)
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var connection = new Http2Connection(socket, reads);
        if (greets)
        {
            await connection.SendAsync([.. Http2Frames.Preface, .. Http2Frames.Of(Http2Frames.Settings, 0, 0, [])]);
        }

        return connection;
    }

    /// <summary>Sends bytes; false when the connection is closed.</summary>
    public async Task<bool> SendAsync(byte[] bytes)
    {
        try
        {
            if (!IsClosed)
            {
                await _stream.WriteAsync(bytes);
                return true;
            }
        }
        catch (IOException)
        {
            _closed.TrySetResult();
        }

        return false;
    }

    /// <summary>Waits until the engine has closed the connection, reset a stream or answered, at most so long; how it stands then.</summary>
    public async Task<string> EndAsync(TimeSpan most)
    {
        await WithinAsync(Task.WhenAny(_closed.Task, _reset.Task), most);
        return State;
    }

    /// <summary>Waits until the engine has closed the connection, at most so long.</summary>
    public Task ClosedAsync(TimeSpan most) => WithinAsync(_closed.Task, most);

    /// <summary>Waits until a ping is answered or the connection closed: then everything sent before has been read.</summary>
    public async Task<string> CatchUpAsync(TimeSpan most)
    {
        var pong = _pong = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(Http2Frames.Of(Http2Frames.Ping, 0, 0, new byte[8]));
        await WithinAsync(Task.WhenAny(_closed.Task, pong.Task), most);
        return State;
    }

    public void Dispose() => _socket.Dispose();

    private static async Task WithinAsync(Task task, TimeSpan most)
    {
        try
        {
            await task.WaitAsync(most);
        }
        catch (TimeoutException)
        {
            // Then it is still open.
        }
    }

    private async Task ReadAsync()
    {
        var head = new byte[Http2Frames.HeadBytes];
        try
        {
            while (await _stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) == head.Length)
            {
                var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await _stream.ReadExactlyAsync(payload);
                await TakeAsync(head[3], head[4], payload);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Cut off.
        }

        _closed.TrySetResult();
    }

    private async Task TakeAsync(byte type, byte flags, byte[] payload)
    {
        switch (type)
        {
            case Http2Frames.GoAway:
                _goAway = BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(4));
                break;
            case Http2Frames.Reset:
                _resetCode = BinaryPrimitives.ReadUInt32BigEndian(payload);
                Resets++;
                _reset.TrySetResult();
                break;
            case Http2Frames.Ping when (flags & Http2Frames.Ack) != 0:
                _pong.TrySetResult();
                break;
            case Http2Frames.Ping:
                await SendAsync(Http2Frames.Of(Http2Frames.Ping, Http2Frames.Ack, 0, payload));
                break;
            case Http2Frames.Headers:
                Answers++;
                _status ??= StatusOf(payload);
                _reset.TrySetResult();
                break;
            default:
                break;
        }
    }

    // The status goes first: an entry of the fixed table, or its name from there and its digits.
    private static string StatusOf(byte[] block) => block switch
    {
        [0x88, ..] => "200",
        [0x8C, ..] => "400",
        [0x8D, ..] => "404",
        [0x8E, ..] => "500",
        [0x08 or 0x48, 3, var a, var b, var c, ..] => $"{(char)a}{(char)b}{(char)c}",
        _ => "?",
    };
}
