using Decisioning.Engine.Decisions;
using Decisioning.Engine.Values;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Tests.Codecs;

/// <summary>Decisions are written without protobuf's messages: the bytes are those that protobuf makes of the messages in <c>decision.proto</c>.</summary>
public sealed class DecisionFormTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_decision_has_the_bytes_that_protobuf_writes(int seed) =>
        AssertSame(new Samples(seed).Decision(Samples.Customer(), "d", Samples.Start, Samples.Start.AddDays(1), Samples.Start.AddTicks(1)));

    [Fact]
    public void A_decision_that_says_nothing_has_the_bytes_that_protobuf_writes()
    {
        var request = new DecisionRequest("", "", "", default, [], 0, PropertyMap.Empty, default, DryRun: false);
        var decision = new Decision("", 0, "", 0, "", DateTimeOffset.UnixEpoch, 0, [], [], [], [], [], []);

        AssertSame(new(Samples.Customer(), request, decision));
        AssertSame(new(Samples.Customer(), request, decision, new OffersCounted(0, [])));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Numbers_at_their_bounds_have_the_bytes_that_protobuf_writes(long number)
    {
        var (whole, real) = (unchecked((int)number), BitConverter.Int64BitsToDouble(number));
        var sample = new Samples(1).Decision(Samples.Customer(), "d", Samples.Start, DateTimeOffset.MinValue);
        var item = sample.Decision.Items[0] with
        {
            Rank = whole, Propensity = real, ContextWeight = -0.0, Value = double.NegativeInfinity, Priority = double.Epsilon, ExpiresAt = DateTimeOffset.MaxValue, SendAt = DateTimeOffset.UnixEpoch,
        };

        AssertSame(sample with
        {
            Request = sample.Request with { MaxItems = whole },
            Decision = sample.Decision with { Sequence = number, StrategyVersion = number, Seed = unchecked((ulong)number), Items = [item] },
            Offers = new OffersCounted(whole, null),
        });
    }

    private static void AssertSame(DecisionRecord record)
    {
        var bytes = DecisionCodec.Write(record);
        var message = StoredDecision.Parser.ParseFrom(bytes);
        message.ClearSeal();

        Assert.Equal(Convert.ToHexString(message.ToByteArray()), Convert.ToHexString(bytes.AsSpan()[..^Seal.Bytes]));
    }
}
