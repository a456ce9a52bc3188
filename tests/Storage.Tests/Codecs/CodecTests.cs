using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Tests.Codecs;

public sealed class CodecTests
{
    private static readonly string Customer = Samples.Customer().Value;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory, MemberData(nameof(Seeds))]
    public void An_event_reads_back_as_it_was_written(int seed)
    {
        var written = new Samples(seed).Event(seed);

        Assert.Equal(written, EventCodec.Read(Customer, EventCodec.Write(Customer, written)));
        Assert.Equal(MessageHash.Of(written.Event.MessageId), EventCodec.ReadMessageHash(Customer, EventCodec.Write(Customer, written)));
        Assert.Equal(written.Event.ReceivedAt, EventCodec.ReadReceivedAt(EventCodec.Write(Customer, written)));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_value_of_any_kind_and_depth_reads_back_as_it_was_written(int seed)
    {
        var samples = new Samples(seed);
        for (var i = 0; i < 200; i++)
        {
            var written = samples.Value(depth: 5);
            var bytes = (ValueCodec.Write(written) ?? new StoredValue()).ToByteArray();

            Assert.Equal(written, ValueCodec.Read(StoredValue.Parser.ParseFrom(bytes)));
        }
    }

    [Fact]
    public void Every_kind_of_value_is_among_the_samples()
    {
        var samples = new Samples(seed: 1);
        var kinds = Enumerable.Range(0, 1000).Select(_ => samples.Value(depth: 2).Kind).ToHashSet();

        Assert.Equal(Enum.GetValues<ValueKind>(), kinds.Order());
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_snapshot_reads_back_as_it_was_written(int seed)
    {
        var written = new Samples(seed).State(seed);

        Assert.True(SnapshotCodec.TryRead(Customer, SnapshotCodec.Write(Customer, written), out var read, out var problem), problem);

        States.AssertEqual(written, read);
    }

    [Fact]
    public void Every_part_of_a_state_is_among_the_samples()
    {
        var states = Enumerable.Range(1, 50).Select(seed => new Samples(seed).State(seed)).ToArray();

        foreach (var property in States.Properties)
        {
            Assert.True(
                states.Any(state => !States.Same(property.GetValue(state), property.GetValue(CustomerState.Empty))),
                $"`{property.Name}` is new: give it a stored form and a sample");
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_decision_reads_back_as_it_was_written(int seed)
    {
        var written = new Samples(seed).Decision(Samples.Customer(), "d", Samples.Start, Samples.Start.AddDays(1), Samples.Start.AddTicks(1));

        var read = DecisionCodec.Read(written.Customer, DecisionCodec.Write(written));

        Assert.Equivalent(written, read, strict: true);
        Assert.Equal(Samples.Start.AddDays(1), read.OpenUntil);
    }

    [Theory]
    [InlineData("empty", "it is not a snapshot")]
    [InlineData("other magic", "it is not a snapshot")]
    [InlineData("newer", "it is of version 3, this program reads versions up to 2")]
    [InlineData("flipped bit", "its checksum is wrong")]
    [InlineData("cut", "its checksum is wrong")]
    public void A_snapshot_that_cannot_be_used_says_why(string damage, string problem)
    {
        var bytes = SnapshotCodec.Write(Customer, new Samples(seed: 7).State(9));
        bytes = damage switch
        {
            "empty" => [],
            "other magic" => [0, .. bytes[1..]],
            "newer" => [bytes[0], SnapshotCodec.Version + 1, .. bytes[2..]],
            "flipped bit" => [.. bytes[..20], (byte)(bytes[20] ^ 4), .. bytes[21..]],
            _ => bytes[..^1],
        };

        Assert.False(SnapshotCodec.TryRead(Customer, bytes, out _, out var said));
        Assert.Equal(problem, said);
    }

    [Fact]
    public void Any_single_flipped_bit_of_a_snapshot_is_noticed()
    {
        var bytes = SnapshotCodec.Write(Customer, new Samples(seed: 3).State(9));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SnapshotCodec.TryRead(Customer, bytes, out _, out _), $"bit {bit} was flipped and nobody noticed");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
