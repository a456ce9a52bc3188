using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Wire;

namespace Decisioning.Storage.Tests.Codecs;

/// <summary>Events are written without protobuf's messages: the bytes are those that protobuf makes of the messages in <c>event.proto</c>.</summary>
public sealed class EventFormTests
{
    private static readonly string Customer = Samples.Customer().Value;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    public static TheoryData<string> Texts => ["", "\0", "naïve “quotes” 日本語", "\U0001F600", "half \uD83D", "\uDE00 half", "\uDE00\uD83D", new string('x', 127), new string('x', 128), new string('é', 20_000)];

    [Fact]
    public void An_event_of_a_kind_that_a_newer_version_brought_is_refused_with_the_cure()
    {
        foreach (var kind in Enum.GetValues<EventType>())
        {
            Assert.Equal(kind, EventCodec.Read(Customer, EventCodec.Write(Customer, new(1, 2, Plain with { Type = kind }))).Event.Type);
        }

        var newer = EventCodec.Write(Customer, new(1, 2, Plain with { Type = Enum.GetValues<EventType>().Max() + 1 }));
        Assert.Contains("update this engine", Assert.Throws<NewerFormException>(() => EventCodec.Read(Customer, newer)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void An_event_has_the_bytes_that_protobuf_writes(int seed)
    {
        var samples = new Samples(seed);
        for (var sequence = 1; sequence <= 100; sequence++)
        {
            AssertSame(samples.Event(sequence));
        }
    }

    [Theory, MemberData(nameof(Texts))]
    public void Text_of_any_kind_has_the_bytes_that_protobuf_writes(string text)
    {
        var plain = Plain with
        {
            MessageId = text,
            Name = text,
            Properties = PropertyMap.Of((text, Value.Of(text)), ("list", Value.Of([Value.Of(text), Value.Null]))),
            Response = new(text, text, text, text, text, text, text, default, default, 0),
        };

        AssertSame(new(1, 2, plain));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(long.MaxValue)]
    public void Numbers_at_their_bounds_have_the_bytes_that_protobuf_writes(long number)
    {
        var bits = BitConverter.Int64BitsToDouble(number);
        var plain = Plain with
        {
            Properties = PropertyMap.Of(("int", Value.Of(number)), ("uint", Value.Of(unchecked((ulong)number))), ("double", Value.Of(bits))),
            Response = new("", "", "", "", "", "", "", default, default, bits),
            SaidAt = DateTimeOffset.UnixEpoch,
        };

        AssertSame(new(number, unchecked((ulong)number), plain, number));
    }

    [Fact]
    public void Values_nested_deep_have_the_bytes_that_protobuf_writes()
    {
        var value = Value.Of("deep");
        for (var depth = 0; depth < 15; depth++)
        {
            value = depth % 2 == 0 ? Value.Of(PropertyMap.Of(("", value), ("empty", Value.Of(PropertyMap.Empty)))) : Value.Of([value, Value.Of(ImmutableArray<Value>.Empty)]);
        }

        AssertSame(new(1, 0, Plain with { Properties = PropertyMap.Of(("nested", value)) }));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Fields_of_later_versions_are_passed_over(int seed)
    {
        var recorded = new Samples(seed).Event(seed);
        byte[] later = [0x80, 0x01, 0x96, 0x01, 0x89, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, 0x92, 0x01, 2, 0xFF, 0xFF, 0x9D, 0x01, 1, 2, 3, 4];

        var bytes = Seal.Write(Customer, [.. later, .. EventCodec.Write(Customer, recorded).AsSpan()[..^Seal.Bytes], .. later]);

        Assert.Equal(recorded, EventCodec.Read(Customer, bytes));
        Assert.Equal(recorded.Event.ReceivedAt, EventCodec.ReadReceivedAt(bytes));
        Assert.Equal(MessageHash.Of(recorded.Event.MessageId), EventCodec.ReadMessageHash(Customer, bytes));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Bytes_that_are_no_message_are_said_to_be_damaged(int seed)
    {
        var random = new Random(seed);
        var bytes = EventCodec.Write(Customer, new Samples(seed).Event(seed));
        for (var i = 0; i < 1000; i++)
        {
            var damaged = bytes[..random.Next(bytes.Length)];
            random.NextBytes(damaged.AsSpan(random.Next(damaged.Length + 1)));

            var problem = Record.Exception(() => new WireReader(damaged).Count(field: 1));
            Assert.True(problem is null or InvalidDataException, $"{Convert.ToHexString(damaged)}: {problem}");
        }
    }

    [Fact]
    public void Messages_nested_too_deep_are_said_to_be_damaged()
    {
        var writer = new WireWriter(size: 16);
        for (var depth = 0; depth < 10_000; depth++)
        {
            writer.Message(StoredList.ItemsFieldNumber, since: 0);
            writer.Message(StoredValue.ListValueFieldNumber, since: 0);
        }

        writer.Message(StoredEntry.ValueFieldNumber, since: 0);
        writer.Message(StoredMap.EntriesFieldNumber, since: 0);
        writer.Message(StoredEvent.PropertiesFieldNumber, since: 0);
        var bytes = Seal.Write(Customer, writer.Written);
        writer.Dispose();

        Assert.Throws<InvalidDataException>(() => EventCodec.Read(Customer, bytes));
    }

    private static CustomerEvent Plain => new("", default, "", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, PropertyMap.Empty, PropertyMap.Empty);

    private static void AssertSame(RecordedEvent recorded)
    {
        var message = Message(recorded);
        var bytes = EventCodec.Write(Customer, recorded);

        Assert.Equal(Convert.ToHexString(Seal.Write(Customer, message)), Convert.ToHexString(bytes));
        Assert.Equal(Message(EventCodec.Read(Customer, bytes)), StoredEvent.Parser.ParseFrom(bytes.AsSpan(0, bytes.Length - Seal.Bytes)));
    }

    private static StoredEvent Message(RecordedEvent recorded)
    {
        var e = recorded.Event;
        var stored = new StoredEvent
        {
            Sequence = recorded.Sequence,
            ContentHash = recorded.ContentHash,
            MessageId = e.MessageId,
            Type = (uint)e.Type,
            Name = e.Name,
            Timestamp = Instants.Write(e.Timestamp),
            ReceivedAt = Instants.Write(e.ReceivedAt),
            Properties = ValueCodec.Write(e.Properties),
            Context = ValueCodec.Write(e.Context),
            StrategyVersion = recorded.StrategyVersion,
        };
        if (e.SaidAt is { } said)
        {
            stored.SaidAt = Instants.Write(said);
        }

        if (e.Response is { } response)
        {
            stored.Response = new()
            {
                DecisionId = response.DecisionId,
                Issue = response.Issue,
                Group = response.Group,
                Action = response.Action,
                Treatment = response.Treatment,
                Channel = response.Channel,
                Placement = response.Placement,
                Outcome = (uint)response.Outcome,
                Behaviour = (uint)response.Behaviour,
                Reward = response.Reward,
            };
        }

        return stored;
    }
}
