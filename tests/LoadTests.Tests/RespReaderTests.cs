using System.Buffers;
using System.Text;
using Decisioning.LoadTests.Stateless.Redis;
using FsCheck;
using FsCheck.Fluent;

namespace Decisioning.LoadTests.Tests;

public sealed class RespReaderTests
{
    [Theory]
    [InlineData("+OK\r\n", "OK")]
    [InlineData("-ERR no\r\n", "error ERR no")]
    [InlineData(":-42\r\n", "-42")]
    [InlineData("$5\r\nhe\r\no\r\n", "he\r\no")]
    [InlineData("$0\r\n\r\n", "")]
    [InlineData("$-1\r\n", "nil")]
    [InlineData("*-1\r\n", "nil")]
    [InlineData("*0\r\n", "[]")]
    [InlineData("*3\r\n$1\r\na\r\n:1\r\n*1\r\n$-1\r\n", "[a,1,[nil]]")]
    public void A_reply_is_read_as_it_was_meant_however_its_bytes_arrive(string wire, string meant)
    {
        var bytes = Encoding.UTF8.GetBytes(wire + "+next\r\n");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new SequenceReader<byte>(Segments(bytes, cut));
            Assert.True(RespReader.TryRead(ref reader, out var reply));
            Assert.Equal(meant, Words(reply));
            Assert.True(RespReader.TryRead(ref reader, out var next));
            Assert.Equal("next", Words(next));
            Assert.True(reader.End);
        }
    }

    [Fact]
    public void Nothing_is_taken_of_a_reply_that_is_not_all_there()
    {
        var whole = Encoding.UTF8.GetBytes("*2\r\n$3\r\nabc\r\n*1\r\n:7\r\n");
        for (var length = 0; length < whole.Length; length++)
        {
            var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(whole, 0, length));
            Assert.False(RespReader.TryRead(ref reader, out _));
            Assert.Equal(0, reader.Consumed);
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("?what\r\n")]
    [InlineData(":many\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData("$2\r\nabc\r\n")]
    [InlineData("*2000000\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")]
    public void What_redis_never_says_is_refused(string wire)
    {
        Assert.Throws<RedisException>(() =>
        {
            var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(wire)));
            RespReader.TryRead(ref reader, out _);
        });
    }

    [Fact]
    public void No_bytes_at_all_make_it_fail_otherwise() => Prop.ForAll(Gen.Elements("$*+-:0123456789\r\n"u8.ToArray()).ArrayOf().ToArbitrary(), bytes =>
    {
        try
        {
            var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(bytes));
            RespReader.TryRead(ref reader, out _);
        }
        catch (RedisException)
        {
            // That is what it says of what it does not know.
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_command_goes_out_with_the_lengths_of_its_bytes() => Assert.Equal(
        "*3\r\n$3\r\nSET\r\n$3\r\nkö\r\n$2\r\n\0\xff\r\n*1\r\n$4\r\nPING\r\n",
        Latin(new RedisRequest().Add("SET", "kö", new byte[] { 0, 255 }).Add("PING").Bytes.Span));

    private static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Replace("k\xc3\xb6", "kö", StringComparison.Ordinal);

    private static string Words(RedisReply reply) => reply switch
    {
        { Error: { } error } => "error " + error,
        { Items: { } items } => $"[{string.Join(',', items.Select(Words))}]",
        { Bytes: not null } => reply.Text,
        _ => ReferenceEquals(reply, RedisReply.Nil) ? "nil" : $"{reply.Number}",
    };

    private static ReadOnlySequence<byte> Segments(byte[] bytes, int cut)
    {
        var first = new Segment(bytes.AsMemory(0, cut), 0);
        var last = first.Then(bytes.AsMemory(cut));
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
