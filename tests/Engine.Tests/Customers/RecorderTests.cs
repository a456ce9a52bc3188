using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Customers;

public sealed class RecorderTests
{
    private static readonly DateTimeOffset _now = History.Start.AddDays(10);
    private static readonly Strategy _strategy = new StrategyBuilder()
        .Declare(
            "Order",
            Property("price", CelType.Double, min: 0),
            Property("items", CelType.Int),
            Property("vip", CelType.Bool),
            Property("at", CelType.Timestamp),
            Property("day", CelType.Timestamp, isDate: true),
            Property("plan", CelType.String, values: ["basic", "family"]),
            Property("products", CelType.List(CelType.Dyn)))
        .Attribute(Property("nps", CelType.Int, min: 0, max: 10))
        .Build();

    public static TheoryData<string, RecordStatus> Rows => new()
    {
        { "seen same    future bad  old", RecordStatus.Duplicate },
        { "log  same    future bad  old", RecordStatus.Duplicate },
        { "seen changed future bad  old", RecordStatus.Conflict },
        { "log  changed future bad  old", RecordStatus.Conflict },
        { "new  same    future good new", RecordStatus.Rejected },
        { "new  same    past   bad  old", RecordStatus.Rejected },
        { "new  same    past   good old", RecordStatus.LateApplied },
        { "new  same    past   good new", RecordStatus.Applied },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_outcome_that_applies_is_reported(string row, RecordStatus expected)
    {
        var words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = words[2] == "future" ? _now.AddMinutes(6) : words[4] == "old" ? _now.AddDays(-5) : _now;
        var e = History.Event("Order", at, "m1", ("price", words[3] == "bad" ? Value.Of("7") : Value.Of(7)));
        var before = words[1] == "same" ? e : e with { Name = "Other" };
        var state = CustomerState.Empty with
        {
            Sequence = 1,
            LatestEventAt = _now.AddDays(-1),
            FirstEventAt = _now.AddDays(-1),
            Seen = words[0] == "seen" ? SeenMessages.From([new(SeenMessages.HashOf("m1"), Recorder.ContentHash(before))]) : SeenMessages.Empty,
        };
        var known = new Dictionary<string, (long Sequence, ulong ContentHash)>();
        if (words[0] == "log")
        {
            known["m1"] = (1, Recorder.ContentHash(before));
        }

        var recording = Recorder.Plan(state, [e], _strategy, _now, known);

        var outcome = Assert.Single(recording.Outcomes);
        Assert.Equal(expected, outcome.Status);
        Assert.Equal(expected is RecordStatus.Applied or RecordStatus.LateApplied, recording.Accepted.Length == 1);
        Assert.Equal(expected switch { RecordStatus.Rejected => 0, RecordStatus.Duplicate or RecordStatus.Conflict => 1, _ => 2 }, outcome.Sequence);
        Assert.Equal(recording.Accepted.IsEmpty, ReferenceEquals(state, recording.Next));
        Assert.Equal(expected is RecordStatus.Rejected or RecordStatus.Conflict, !outcome.Violations.IsEmpty);
        Assert.Equal(expected == RecordStatus.LateApplied ? 1 : 0, recording.Next.LateEvents);
    }

    [Fact]
    public void Every_outcome_has_a_row_in_declared_order() =>
        Assert.Equal(Enum.GetValues<RecordStatus>(), Rows.Select(row => row.Data.Item2).Distinct());

    [Fact]
    public void The_rest_of_a_batch_is_applied_around_what_is_refused()
    {
        var recording = CustomerState.Empty.Record(
            _strategy,
            History.Event("Order", _now, "a"),
            History.Event("Order", _now, "b", ("price", Value.Of("dear"))),
            History.Event("Order", _now, "a"),
            History.Event("Order", _now, "a", ("price", Value.Of(1))),
            History.Event("Unknown", _now, "c", ("what", Value.Of("ever"))));

        Assert.Equal(
            [RecordStatus.Applied, RecordStatus.Rejected, RecordStatus.Duplicate, RecordStatus.Conflict, RecordStatus.Applied],
            recording.Outcomes.Select(outcome => outcome.Status));
        Assert.Equal([1L, 0, 1, 1, 2], recording.Outcomes.Select(outcome => outcome.Sequence));
        Assert.Equal([(1L, "a"), (2L, "c")], recording.Accepted.Select(recorded => (recorded.Sequence, recorded.Event.MessageId)));
        Assert.Equal(["Order", "Unknown"], recording.Changes.Where(change => change.Kind == ChangeKind.Event).Select(change => change.Name));
    }

    [Theory]
    [InlineData("price", 7L, true)]
    [InlineData("price", 7.5, true)]
    [InlineData("price", "7.5", false)]
    [InlineData("price", -0.01, false)]
    [InlineData("price", double.NaN, false)]
    [InlineData("price", null, true)]
    [InlineData("items", 3.0, true)]
    [InlineData("items", 3.5, false)]
    [InlineData("items", 1e300, false)]
    [InlineData("vip", true, true)]
    [InlineData("vip", "true", false)]
    [InlineData("at", "2026-11-21T18:00:00Z", true)]
    [InlineData("at", "2026-11-21T18:00:00.123+02:00", true)]
    [InlineData("at", "2026-11-21", true)]
    [InlineData("at", "21.11.2026", false)]
    [InlineData("at", 1_700_000_000L, false)]
    [InlineData("day", "2026-02-28", true)]
    [InlineData("day", "2026-02-29", false)]
    [InlineData("day", "2026-02-28T00:00:00Z", false)]
    [InlineData("plan", "basic", true)]
    [InlineData("plan", "Basic", false)]
    [InlineData("plan", "", false)]
    [InlineData("products", "none", false)]
    [InlineData("undeclared", "7", true)]
    public void A_declared_property_must_be_of_its_type(string name, object? given, bool isAccepted)
    {
        var value = given switch
        {
            null => Value.Null,
            bool flag => Value.Of(flag),
            long integer => Value.Of(integer),
            double number => Value.Of(number),
            _ => Value.Of((string)given),
        };

        var outcome = Assert.Single(CustomerState.Empty.Record(_strategy, History.Event("Order", _now, "m", (name, value))).Outcomes);

        Assert.Equal(isAccepted ? RecordStatus.Applied : RecordStatus.Rejected, outcome.Status);
        if (!isAccepted)
        {
            var violation = Assert.Single(outcome.Violations);
            Assert.Equal("properties." + name, violation.Field);
            Assert.NotEmpty(violation.Cure);
        }
    }

    [Fact]
    public void All_mistakes_of_an_event_are_told_at_once()
    {
        var e = History.Event("Order", _now.AddYears(20), "", ("price", Value.Of("x")), ("items", Value.Of("y")));

        var outcome = Assert.Single(CustomerState.Empty.Record(_strategy, e).Outcomes);

        Assert.Equal(["message_id", "timestamp", "properties.price", "properties.items"], outcome.Violations.Select(violation => violation.Field));
    }

    [Theory]
    [InlineData(11, false)]
    [InlineData(10, true)]
    public void A_declared_trait_must_be_in_its_range(int nps, bool isAccepted)
    {
        var recording = CustomerState.Empty.Record(_strategy, History.Identify(_now, "m", ("nps", Value.Of(nps))));

        Assert.Equal(isAccepted ? RecordStatus.Applied : RecordStatus.Rejected, recording.Outcomes[0].Status);
        Assert.Equal(isAccepted ? Value.Of(10) : Value.Null, recording.Next.Profile["nps"]);
    }

    [Theory]
    [InlineData(300, RecordStatus.Applied)]
    [InlineData(301, RecordStatus.Rejected)]
    public void An_event_may_be_five_minutes_ahead_of_our_clock(int seconds, RecordStatus expected)
    {
        var e = History.Event("Order", _now.AddSeconds(seconds), "m");

        Assert.Equal(expected, Recorder.Plan(CustomerState.Empty, [e], _strategy, _now).Outcomes[0].Status);
    }

    [Theory]
    [InlineData(0, RecordStatus.Applied)]
    [InlineData(1, RecordStatus.LateApplied)]
    public void Lateness_is_measured_from_the_customers_newest_event(int ticks, RecordStatus expected)
    {
        var state = History.Fold(_strategy, [History.Event("Order", _now, "new")]);

        var recording = state.Record(_strategy, History.Event("Order", _now.AddDays(-1).AddMicroseconds(-ticks), "old"));

        Assert.Equal(expected, recording.Outcomes[0].Status);
        Assert.Equal(_now, recording.Next.LatestEventAt);
        Assert.Equal(_now.AddDays(-1).AddMicroseconds(-ticks), recording.Next.FirstEventAt);
    }

    [Fact]
    public void The_contents_of_a_message_are_what_the_caller_sent()
    {
        var e = History.Event("Order", _now, "m", ("price", Value.Of(7.0)), ("plan", Value.Of("basic"))) with { ReceivedAt = _now.AddMinutes(1) };
        CustomerEvent[] same =
        [
            e with { ReceivedAt = _now.AddHours(1) },
            e with { Timestamp = _now.ToOffset(TimeSpan.FromHours(7)) },
            e with { Properties = e.Properties.With("price", Value.Of(7)) },
        ];
        CustomerEvent[] others =
        [
            e with { Name = "Orders" },
            e with { Type = EventType.Page },
            e with { Timestamp = _now.AddMicroseconds(1) },
            e with { Properties = e.Properties.With("price", Value.Of(7.01)) },
            e with { Properties = e.Properties.Without("plan") },
            e with { Properties = PropertyMap.Of(("price", Value.Of("basic")), ("plan", Value.Of(7))) },
            e with { Context = PropertyMap.Of(("channel", Value.Of("web"))) },
            e with { Response = new("", "", "", "", "", "", "", Outcome.Clicked, Behaviour.Unspecified, 0) },
        ];
        var state = CustomerState.Empty.Record(_strategy, e).Next;

        Assert.All(same, other => Assert.Equal(RecordStatus.Duplicate, state.Record(_strategy, other).Outcomes[0].Status));
        Assert.All(others, other => Assert.Equal(RecordStatus.Conflict, state.Record(_strategy, other).Outcomes[0].Status));
    }

    [Fact]
    public void A_content_hash_is_the_same_in_every_release()
    {
        var e = History.Event("Order", _now, "m", ("price", Value.Of(7.25)), ("plan", Value.Of("basic")), ("vip", Value.Of(true))) with { ReceivedAt = _now.AddMinutes(1) };

        Assert.Equal((8_239_804_723_133_966_604UL, 8_080_660_671_642_338_904UL), (Recorder.ContentHash(e), SeenMessages.HashOf("6f1c9c3e-9d0a-4f3f-8a57-0d4c8f3f1a11")));
    }

    [Fact]
    public void The_window_of_seen_messages_keeps_the_newest()
    {
        var events = Enumerable.Range(1, 100).Select(i => History.Event("Order", _now, $"m{i}")).ToArray();
        var state = History.Fold(_strategy, events, 9);

        Assert.Equal(Limits.SeenMessagesMax, state.Seen.Messages.Length);
        Assert.Equal((RecordStatus.Duplicate, 37L), Answer(state, events[36]));
        Assert.Equal((RecordStatus.Duplicate, 100L), Answer(state, events[99]));

        // Older ones are for the log's unique key.
        Assert.Equal((RecordStatus.Applied, 101L), Answer(state, events[35]));
    }

    [Fact]
    public void A_response_is_an_event_and_a_contact()
    {
        var strategy = new StrategyBuilder()
            .Feature("clicks", Engine.Features.FeatureKind.Count, EventNames.ResponseCaptured, where: "event.outcome == 'NO_RESPONSE' && event.action == 'card'")
            .Build();

        var recording = CustomerState.Empty.Record(strategy, History.Response(_now, "m", "card", Outcome.NoResponse));

        Assert.Equal(new(Outcome.NoResponse, "grow", "cards", "card", "web", _now, "d1"), Assert.Single(recording.Next.Contacts));
        Assert.Equal("card", Assert.Single(recording.Changes, change => change.Kind == ChangeKind.Response).Response!.Action);
        Assert.Equal(1, Assert.Single(Assert.Single(recording.Next.Features.ToCells()).Entries).First);
    }

    [Fact]
    public void Replaying_a_log_with_a_gap_is_a_bug()
    {
        var recorded = new RecordedEvent(3, 0, History.Event("Order", _now, "m"));

        Assert.Throws<ArgumentException>(() => Folding.Apply(CustomerState.Empty, recorded, _strategy));
    }

    private static (RecordStatus Status, long Sequence) Answer(CustomerState state, CustomerEvent e)
    {
        var outcome = state.Record(_strategy, e).Outcomes[0];
        return (outcome.Status, outcome.Sequence);
    }

    private static PropertyType Property(
        string name, CelType type, double? min = null, double? max = null, bool isDate = false, ImmutableArray<string> values = default) =>
        new(name, CelType.Nullable(type), values.IsDefault ? [] : values, min, max, isDate);
}
