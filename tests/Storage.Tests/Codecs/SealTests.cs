using Decisioning.Storage.Codecs;
using Google.Protobuf;

namespace Decisioning.Storage.Tests.Codecs;

/// <summary>What the disk gives back is either what was written or said to be damaged.</summary>
public sealed class SealTests
{
    private static readonly string Customer = Samples.Customer().Value;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_flipped_bit_anywhere_in_an_event_is_noticed(int seed)
    {
        var bytes = EventCodec.Write(Customer, new Samples(seed).Event(seed));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertDamaged(() => EventCodec.Read(Customer, bytes), $"bit {bit}");
            AssertDamaged(() => EventCodec.ReadMessageHash(Customer, bytes), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_flipped_bit_anywhere_in_a_decision_is_noticed(int seed)
    {
        var record = new Samples(seed).Decision(Samples.Customer(), "d", Samples.Start, Samples.Start.AddDays(1));
        var bytes = DecisionCodec.Write(record);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertDamaged(() => DecisionCodec.Read(Samples.Customer(), bytes), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Bytes_that_are_cut_anywhere_are_noticed(int seed)
    {
        var bytes = EventCodec.Write(Customer, new Samples(seed).Event(seed));
        for (var length = 0; length < bytes.Length; length++)
        {
            AssertDamaged(() => EventCodec.Read(Customer, bytes.AsSpan(0, length)), $"length {length}");
        }
    }

    [Fact]
    public void What_belongs_to_another_customer_is_noticed()
    {
        var (samples, other) = (new Samples(seed: 5), Samples.Customer(2));

        AssertDamaged(() => EventCodec.Read(other.Value, EventCodec.Write(Customer, samples.Event(3))), "event");
        AssertDamaged(() => DecisionCodec.Read(other, DecisionCodec.Write(samples.Decision(Samples.Customer(), "d", Samples.Start))), "decision");
        Assert.False(SnapshotCodec.TryRead(other.Value, SnapshotCodec.Write(Customer, samples.State(3)), out _, out var problem));
        Assert.Equal("its checksum is wrong", problem);
    }

    [Fact]
    public void A_row_without_a_seal_is_read_only_where_older_programs_wrote()
    {
        var written = new Samples(seed: 6).Event(4);
        var unsealed = EventCodec.Write(Customer, written)[..^Seal.Bytes];

        Assert.Equal(written, EventCodec.Read(Customer, unsealed, isSealed: false));
        AssertDamaged(() => EventCodec.Read(Customer, unsealed, isSealed: true), "no seal");
    }

    private static void AssertDamaged(Action read, string what)
    {
        var damage = Record.Exception(read);
        Assert.True(damage is InvalidDataException or InvalidProtocolBufferException, $"{what}: {damage?.ToString() ?? "nobody noticed"}");
    }
}
