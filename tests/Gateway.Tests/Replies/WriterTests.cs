using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;
using Decisioning.Gateway.Replies;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Replies;

public sealed class WriterTests
{
    private static readonly Dictionary<ValueKind, (Value Value, string Json)[]> Values = new()
    {
        [ValueKind.Null] = [(Value.Null, "null")],
        [ValueKind.Bool] = [(Value.Of(true), "true"), (Value.Of(false), "false")],
        [ValueKind.Int] =
        [
            (Value.Of(-3L), "-3"), (Value.Of(9_007_199_254_740_992), "9007199254740992"), (Value.Of(9_007_199_254_740_993), "\"9007199254740993\""),
            (Value.Of(long.MinValue), "\"-9223372036854775808\""),
        ],
        [ValueKind.UInt] = [(Value.Of(3UL), "3"), (Value.Of(ulong.MaxValue), "\"18446744073709551615\"")],
        [ValueKind.Double] = [(Value.Of(0.5), "0.5"), (Value.Of(double.NaN), "\"NaN\""), (Value.Of(double.PositiveInfinity), "\"Infinity\"")],
        [ValueKind.String] = [(Value.Of("ü\"\n"), "\"ü\\\"\\n\"")],
        [ValueKind.Timestamp] = [(Value.Of(new DateTimeOffset(2026, 3, 2, 10, 0, 0, 500, TimeSpan.Zero)), "\"2026-03-02T10:00:00.5Z\"")],
        [ValueKind.Duration] = [(Value.Of(TimeSpan.FromMinutes(1.5)), "90")],
        [ValueKind.List] = [(Value.Of([Value.Of(1L), Value.Null]), "[ 1, null ]")],
        [ValueKind.Map] = [(Value.Of(PropertyMap.Of(("a", Value.Of(1L)))), "{ \"a\": 1 }")],
        [ValueKind.Bytes] = [(Value.Of(ImmutableArray.Create<byte>(1, 255)), "\"b\\\"01ff\\\"\"")],
    };

    public static TheoryData<Type, Type> Twins => new()
    {
        { typeof(ChangeKind), typeof(Api.ChangeKind) },
        { typeof(Outcome), typeof(Api.Outcome) },
        { typeof(Behaviour), typeof(Api.Behaviour) },
        { typeof(Direction), typeof(Api.Direction) },
        { typeof(FunnelStage), typeof(Api.FunnelStage) },
    };

    public static TheoryData<ValueKind> Kinds => [.. Enum.GetValues<ValueKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void A_value_of_every_kind_is_written(ValueKind kind) => Assert.All(Values[kind], row =>
    {
        Assert.Equal(kind, row.Value.Kind);
        Assert.Equal(row.Json, StructWriter.Write(row.Value).ToString());
    });

    [Fact]
    public void A_map_keeps_its_names() => Assert.Equal(
        """{ "a": 1, "b": { "c": true } }""",
        StructWriter.Write(PropertyMap.Of(("b", Value.Of(PropertyMap.Of(("c", Value.Of(true))))), ("a", Value.Of(1L)))).ToString());

    // These are cast one to the other.
    [Theory, MemberData(nameof(Twins))]
    public void An_enumeration_and_its_twin_of_the_api_have_the_same_names_and_numbers(Type engine, Type api) =>
        Assert.Equal(Members(api), Members(engine).Select(member => member with { Name = member.Value == 0 ? "Unspecified" : member.Name }).Union([new("Unspecified", 0)]).OrderBy(m => m.Value));

    [Theory]
    [InlineData(RecordStatus.Applied, Api.EventStatus.Applied, 7)]
    [InlineData(RecordStatus.LateApplied, Api.EventStatus.LateApplied, 7)]
    [InlineData(RecordStatus.Duplicate, Api.EventStatus.Duplicate, 7)]
    [InlineData(RecordStatus.Conflict, Api.EventStatus.Rejected, 0)]
    [InlineData(RecordStatus.Rejected, Api.EventStatus.Rejected, 0)]
    public void An_outcome_is_acknowledged(RecordStatus given, Api.EventStatus expected, long sequence)
    {
        var ack = AckWriter.Write(new RecordOutcome("m1", given, 7, expected == Api.EventStatus.Rejected ? [new("f", "d", "c")] : []));
        Assert.Equal(("m1", expected, sequence), (ack.MessageId, ack.Status, ack.Sequence));
        Assert.Equal(expected == Api.EventStatus.Rejected ? [new Api.FieldViolation { Field = "f", Description = "d", Cure = "c" }] : [], ack.Violations);
    }

    [Fact]
    public void Every_outcome_has_an_acknowledgement() =>
        Assert.All(Enum.GetValues<RecordStatus>(), status => Assert.NotEqual(Api.EventStatus.Unspecified, AckWriter.Write(new RecordOutcome("m", status, 1, [])).Status));

    [Fact]
    public void Every_layers_result_has_its_twin()
    {
        var layers = Enum.GetValues<LayerResult>().Select(result => new Engine.Decisions.LayerReport("time", result, "x", PropertyMap.Empty, "")).ToImmutableArray();
        var written = DecisionWriter.Write(Decision([], [new("r", false, layers)]), TimeSpan.Zero).Rules[0].Layers.Select(layer => layer.Result.ToString());
        Assert.Equal(Enum.GetValues<LayerResult>().Select(result => result.ToString()), written);
        Assert.Equal(Enum.GetValues<Api.LayerResult>().Length - 1, layers.Length);
    }

    [Fact]
    public void Every_consent_has_its_twin()
    {
        var statuses = Enum.GetValues<ConsentStatus>();
        var view = new CustomerView(
            1, 1, Support.Events.Now, PropertyMap.Empty, PropertyMap.Empty, [], [], [], [],
            [.. statuses.Select(status => new ConsentView("marketing", "email", status.ToString().ToUpperInvariant(), Support.Events.Now))], 0, null, null);
        var written = CustomerWriter.Write(CustomerKey.User("shop", "ann"), view).Consents.Select(consent => consent.Status.ToString());
        Assert.Equal(statuses.Select(status => status.ToString()), written);
    }

    [Fact]
    public void A_verdict_says_its_stage_reason_and_when_it_ends()
    {
        var verdict = new Verdict("welcome", FunnelStage.ContactPolicy, "contact.caps[0]", "shown once", PropertyMap.Of(("n", Value.Of(1L))), Support.Events.Now)
        {
            WouldWin = new([new("profile.plan", Value.Null, Value.Of("gold"))], "would be offered if so"),
        };
        Assert.Equal(
            """{ "action": "welcome", "stage": "FUNNEL_STAGE_CONTACT_POLICY", "ruleId": "contact.caps[0]", "reason": "shown once", "seen": { "n": 1 }, "allowedAgainAt": "2026-03-02T10:00:00Z", "wouldWin": { "changes": [ { "name": "profile.plan", "seen": null, "needed": "gold" } ], "text": "would be offered if so" } }""",
            DecisionWriter.Write(Decision([verdict], []), TimeSpan.FromMicroseconds(12)).Suppressed[0].ToString());
    }

    private static Decision Decision(ImmutableArray<Verdict> verdicts, ImmutableArray<RuleReport> rules) =>
        new("d1", 3, "shop", 2, "hash", Support.Events.Now, 1, [], verdicts, rules, [], [], []);

    private static IEnumerable<Member> Members(Type type) => Enum.GetNames(type).Select(name => new Member(name, Convert.ToInt32(Enum.Parse(type, name)))).OrderBy(m => m.Value);

    private sealed record Member(string Name, int Value);
}
