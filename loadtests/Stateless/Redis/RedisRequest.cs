using System.Buffers;
using System.Globalization;
using System.Text;

namespace Decisioning.LoadTests.Stateless.Redis;

/// <summary>Commands that go out together, and the replies to them in their order. For one use.</summary>
internal sealed class RedisRequest
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly TaskCompletionSource<RedisReply[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RedisReply[] _replies = [];
    private int _commands;
    private int _replied;

    /// <summary>The commands as they go over the wire.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>The replies, one for each command; a failure where Redis refused one of them or was lost.</summary>
    public Task<RedisReply[]> Answer => _answer.Task;

    /// <summary>Adds a command.</summary>
    /// <param name="arguments">Its name and what follows.</param>
    public RedisRequest Add(params ReadOnlySpan<RedisArgument> arguments)
    {
        Write('*', arguments.Length);
        foreach (ref readonly var argument in arguments)
        {
            Write('$', argument.Length);
            argument.CopyTo(_bytes.GetSpan(argument.Length));
            _bytes.Advance(argument.Length);
            _bytes.Write("\r\n"u8);
        }

        _commands++;
        return this;
    }

    /// <summary>Takes the reply to the next command.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Take(RedisReply reply)
    {
        if (_replies.Length == 0)
        {
            _replies = new RedisReply[_commands];
        }

        _replies[_replied++] = reply;
        if (_replied < _commands)
        {
            return false;
        }

        if (Array.Find(_replies, each => each.Error is not null) is { Error: { } error })
        {
            _answer.TrySetException(new RedisException($"redis refused a command: {error}"));
        }
        else
        {
            _answer.TrySetResult(_replies);
        }

        return true;
    }

    /// <summary>Ends it without an answer.</summary>
    public void Fail(RedisException failure) => _answer.TrySetException(failure);

    private void Write(char kind, int number)
    {
        var span = _bytes.GetSpan(16);
        span[0] = (byte)kind;
        number.TryFormat(span[1..], out var digits, provider: CultureInfo.InvariantCulture);
        "\r\n"u8.CopyTo(span[(digits + 1)..]);
        _bytes.Advance(digits + 3);
    }
}

/// <summary>One argument of a command: a text or bytes.</summary>
internal readonly struct RedisArgument
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;

    private RedisArgument(string? text, ReadOnlyMemory<byte> bytes, int length) => (_text, _bytes, Length) = (text, bytes, length);

    /// <summary>Its bytes.</summary>
    public int Length { get; }

    public static implicit operator RedisArgument(string text) => new(text, default, Encoding.UTF8.GetByteCount(text));

    public static implicit operator RedisArgument(ReadOnlyMemory<byte> bytes) => new(null, bytes, bytes.Length);

    public static implicit operator RedisArgument(byte[] bytes) => new(null, bytes, bytes.Length);

    /// <summary>Writes it.</summary>
    public void CopyTo(Span<byte> to)
    {
        if (_text is null)
        {
            _bytes.Span.CopyTo(to);
        }
        else
        {
            Encoding.UTF8.GetBytes(_text, to);
        }
    }
}
