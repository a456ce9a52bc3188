using System.Text.Json;
using System.Text.Json.Nodes;
using Decisioning.Contracts.Json;
using Decisioning.Gateway.Http.Json;
using Decisioning.Gateway.Requests;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Http;

public sealed class MessageJsonTests
{
    private static readonly int Seed = Random.Shared.Next();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_protobuf_writes_is_read_as_protobuf_reads_it(bool protoNames)
    {
        var random = new Random(Seed);
        var formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithFormatDefaultValues(random.Next(2) == 0).WithPreserveProtoFieldNames(protoNames));
        for (var i = 0; i < 500; i++)
        {
            var message = Question(random, emptyNames: false);
            var json = formatter.Format(message);
            var read = Read<Api.NextBestActionRequest>(json);

            Assert.True(message.Equals(read) && message.Equals(JsonParser.Default.Parse<Api.NextBestActionRequest>(json)), $"seed {Seed}: {json}\nwas read as {read}");
        }
    }

    [Fact]
    public void What_is_written_is_read_the_same_by_us_and_by_protobuf()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 500; i++)
        {
            var emptyNames = i % 2 == 0;
            var message = Question(random, emptyNames);
            var json = Write(message);

            Assert.True(message.Equals(Read<Api.NextBestActionRequest>(json)), $"seed {Seed}: written was {json}");
            Assert.True(emptyNames || message.Equals(JsonParser.Default.Parse<Api.NextBestActionRequest>(json)), $"seed {Seed}: written was {json}");
        }
    }

    [Fact]
    public void Answers_are_written_as_protobuf_writes_them()
    {
        var decision = new Api.Decision { DecisionId = "d", Sequence = 3, DecidedAt = new Timestamp { Seconds = 5, Nanos = 123_000_000 }, Stages = { "find" } };
        decision.Items.Add(new Api.DecisionItem { Rank = 1, Content = { ["text"] = "Hi" }, Scores = new() { Value = double.PositiveInfinity } });
        decision.Suppressed.Add(new Api.SuppressedAction { Stage = Api.FunnelStage.Consent, Seen = new Struct { Fields = { ["a"] = Value.ForNull() } } });
        var formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(formatter.Format(decision)), JsonNode.Parse(Write(decision))), $"{formatter.Format(decision)}\n{Write(decision)}");
    }

    private static string Write(IMessage message)
    {
        using var target = new MemoryStream();
        using (var writer = new Utf8JsonWriter(target))
        {
            MessageJsonWriter.Write(writer, message);
        }

        return System.Text.Encoding.UTF8.GetString(target.ToArray());
    }

    [Theory]
    [InlineData("""{"min_sequence": 3}""", 3)]
    [InlineData("""{"min_sequence": "3"}""", 3)]
    [InlineData("""{"min_sequence": 3.0}""", 3)]
    [InlineData("""{"min_sequence": 3e0}""", 3)]
    [InlineData("""{"min_sequence": "9223372036854775807"}""", long.MaxValue)]
    [InlineData("""{"min_sequence": -9223372036854775808}""", long.MinValue)]
    [InlineData("""{"min_sequence": null}""", 0)]
    public void A_whole_number_may_be_written_as_a_number_or_as_text(string json, long expected) =>
        Assert.Equal(expected, Read<Api.GetRequest>(json).MinSequence);

    [Theory]
    [InlineData("""{"min_sequence": 9223372036854775808}""")]
    [InlineData("""{"min_sequence": 1e300}""")]
    [InlineData("""{"min_sequence": 0.5}""")]
    [InlineData("""{"min_sequence": " 3"}""")]
    [InlineData("""{"min_sequence": true}""")]
    public void What_is_no_whole_number_of_64_bits_is_refused(string json)
    {
        var violations = new Violations();
        using var document = JsonDocument.Parse(json);
        new MessageJson(violations).Read<Api.GetRequest>(document.RootElement);
        Assert.Equal("min_sequence", Assert.Single(violations.Found).Field);
    }

    private static T Read<T>(string json)
        where T : IMessage<T>, new()
    {
        var violations = new Violations();
        using var document = JsonDocument.Parse(json);
        var read = new MessageJson(violations).Read<T>(document.RootElement);
        Assert.Empty(violations.Found);
        return read;
    }

    private static Api.NextBestActionRequest Question(Random random, bool emptyNames)
    {
        var question = new Api.NextBestActionRequest
        {
            Customer = random.Next(2) == 0 ? new() { UserId = Text(random) } : new() { AnonymousId = Text(random) },
            Channel = Text(random),
            Direction = (Api.Direction)random.Next(3),
            MaxItems = random.Next(-5, 100),
            MinSequence = random.NextInt64(long.MinValue, long.MaxValue),
            DryRun = random.Next(2) == 0,
            Explain = (Api.ExplainLevel)random.Next(4),
            Context = random.Next(2) == 0 ? null : Object(random, 3, emptyNames),
        };
        for (var i = random.Next(3); i > 0; i--)
        {
            question.Placements.Add(Text(random));
            question.Events.Add(new Api.Event
            {
                Type = (Api.EventType)random.Next(7),
                MessageId = Text(random),
                Properties = Object(random, 3, emptyNames),
                Timestamp = new Timestamp { Seconds = random.NextInt64(-2_000_000_000, 4_000_000_000), Nanos = random.Next(10_000_000) * 100 },
            });
        }

        return question;
    }

    private static Struct Object(Random random, int depth, bool emptyNames)
    {
        var target = new Struct();
        for (var i = random.Next(4); i > 0; i--)
        {
            target.Fields[(emptyNames ? "" : "x") + Text(random)] = Any(random, depth, emptyNames);
        }

        return target;
    }

    private static Value Any(Random random, int depth, bool emptyNames) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => Value.ForNull(),
        1 => Value.ForBool(random.Next(2) == 0),
        2 => Value.ForNumber(BitConverter.Int64BitsToDouble(random.NextInt64()) is var number && double.IsFinite(number) ? number : 1.5),
        3 => Value.ForString(Text(random)),
        4 => Value.ForStruct(Object(random, depth - 1, emptyNames)),
        _ => Value.ForList([.. Enumerable.Range(0, random.Next(3)).Select(_ => Any(random, depth - 1, emptyNames))]),
    };

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => new[] { "a", "\"", "\\", "\n", "é", "😀", "\u202e", "\u0001", "/", "\u2028" }[random.Next(10)]));
}
