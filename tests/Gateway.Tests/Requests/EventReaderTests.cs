using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Tests.Support;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;
using Value = Decisioning.Engine.Values.Value;

namespace Decisioning.Gateway.Tests.Requests;

public sealed class EventReaderTests
{
    private static readonly (string Case, Action<Api.Event> Change, string Violations)[] Refused =
    [
        ("no customer", e => e.UserId = "", "events[0].user_id | is missing | set `user_id` or `anonymous_id`"),
        ("long user id", e => e.UserId = Events.X(257), "events[0].user_id | has 257 characters | send 1 to 256 characters"),
        ("long anonymous id beside a user id", e => e.AnonymousId = Events.X(257), "events[0].anonymous_id | has 257 characters | send 1 to 256 characters"),
        ("no message id", e => e.MessageId = "", "events[0].message_id | is missing | send 1 to 128 characters that no other event of this customer has"),
        ("long message id", e => e.MessageId = Events.X(129), "events[0].message_id | has 129 characters | send 1 to 128 characters that no other event of this customer has"),
        ("no name", e => e.Event_ = " ", "events[0].event | is missing | send the event's name, 1 to 128 characters, e.g. `Order Completed`"),
        ("long name", e => e.Event_ = Events.X(129), "events[0].event | has 129 characters | send the event's name, 1 to 128 characters, e.g. `Order Completed`"),
        ("reserved name", e => e.Event_ = "Response Captured", "events[0].event | `Response Captured` is reserved | use Decisions.CaptureResponse"),
        ("unknown type", e => e.Type = (Api.EventType)7, "events[0].type | `7` is not a type of event | send TRACK, IDENTIFY, PAGE, SCREEN, GROUP or ALIAS"),
        ("time before 1900", e => e.Timestamp = new Timestamp { Seconds = -2_208_988_801 }, "events[0].timestamp | is not an instant between 1900 and 9999 | send when it happened, in UTC"),
        ("time after 9999", e => e.Timestamp = new Timestamp { Seconds = 253_402_300_800 }, "events[0].timestamp | is not an instant between 1900 and 9999 | send when it happened, in UTC"),
        ("negative nanos", e => e.Timestamp.Nanos = -1, "events[0].timestamp | is not an instant between 1900 and 9999 | send when it happened, in UTC"),
        ("a whole second of nanos", e => e.Timestamp.Nanos = 1_000_000_000, "events[0].timestamp | is not an instant between 1900 and 9999 | send when it happened, in UTC"),
        ("sent at no instant", e => e.SentAt = new Timestamp { Seconds = long.MaxValue }, "events[0].sent_at | is not an instant between 1900 and 9999 | send the client's clock, or leave it out"),
        ("sent thousands of years before it happened", e => (e.Timestamp, e.SentAt) = (new() { Seconds = 253_402_300_799 }, new() { Seconds = -2_208_988_800 }), "events[0].sent_at | is centuries away from `timestamp` | send both by the same clock"),
        ("sent thousands of years after it happened", e => (e.Timestamp, e.SentAt) = (new() { Seconds = -2_208_988_800 }, new() { Seconds = 253_402_300_799 }), "events[0].sent_at | is centuries away from `timestamp` | send both by the same clock"),
        ("a page with a long name", e => (e.Type, e.Name) = (Api.EventType.Page, Events.X(257)), "events[0].name | has 257 characters | send at most 256"),
        ("a group without its id", e => e.Type = Api.EventType.Group, "events[0].group_id | is missing | send the group's id, 1 to 256 characters"),
        ("a group with a long id", e => (e.Type, e.GroupId) = (Api.EventType.Group, Events.X(257)), "events[0].group_id | has 257 characters | send the group's id, 1 to 256 characters"),
        ("an alias without the former id", e => e.Type = Api.EventType.Alias, "events[0].previous_id | is missing | send the former id, 1 to 256 characters"),
        ("several at once", e => (e.UserId, e.MessageId, e.Event_) = ("", "", ""), """
            events[0].user_id | is missing | set `user_id` or `anonymous_id`
            events[0].message_id | is missing | send 1 to 128 characters that no other event of this customer has
            events[0].event | is missing | send the event's name, 1 to 128 characters, e.g. `Order Completed`
            """),
    ];

    private static readonly (string Case, Action<Api.Event> Change)[] AtTheLimit =
    [
        ("user id", e => e.UserId = Events.X(Limits.CustomerIdCharsMax)),
        ("anonymous id", e => (e.UserId, e.AnonymousId) = ("", Events.X(Limits.CustomerIdCharsMax))),
        ("message id", e => e.MessageId = Events.X(Limits.MessageIdCharsMax)),
        ("name", e => e.Event_ = Events.X(Limits.EventNameCharsMax)),
        ("earliest time", e => e.Timestamp = new Timestamp { Seconds = -2_208_988_800 }),
        ("latest time", e => e.Timestamp = new Timestamp { Seconds = 253_402_300_799, Nanos = 999_999_999 }),
        ("type left out", e => e.Type = Api.EventType.Unspecified),
        ("page's name", e => (e.Type, e.Name) = (Api.EventType.Page, Events.X(256))),
        ("group id", e => (e.Type, e.GroupId) = (Api.EventType.Group, Events.X(256))),
        ("former id", e => (e.Type, e.PreviousId) = (Api.EventType.Alias, Events.X(256))),
        ("slashes and other letters in ids", e => e.UserId = "a/b/ü😀"),
    ];

    public static TheoryData<string> RefusedCases => [.. Refused.Select(c => c.Case)];

    public static TheoryData<string> LimitCases => [.. AtTheLimit.Select(c => c.Case)];

    [Theory, MemberData(nameof(RefusedCases))]
    public void An_event_is_refused_with_the_field_and_the_cure(string name)
    {
        var (_, change, violations) = Refused.Single(c => c.Case == name);
        var read = Events.Read(Events.With(change));
        Assert.Equal(violations, Events.Text(read.Violations));
        Assert.Null(read.Event);
    }

    [Theory, MemberData(nameof(LimitCases))]
    public void An_event_at_the_limit_is_taken(string name) => Events.Accepted(Events.With(AtTheLimit.Single(c => c.Case == name).Change));

    [Theory]
    [InlineData(Api.EventType.Track, "Product Viewed", "{a: 1.0}", "{traits: {t: 2.0}}")]
    [InlineData(Api.EventType.Identify, "Identified", "{a: 1.0, t: 2.0}", "{}")]
    [InlineData(Api.EventType.Page, "Page Viewed", """{a: 1.0, name: "N"}""", "{traits: {t: 2.0}}")]
    [InlineData(Api.EventType.Screen, "Screen Viewed", """{a: 1.0, name: "N"}""", "{traits: {t: 2.0}}")]
    [InlineData(Api.EventType.Group, "Grouped", """{a: 1.0, group_id: "G", t: 2.0}""", "{}")]
    [InlineData(Api.EventType.Alias, "Aliased", """{a: 1.0, previous_id: "P"}""", "{}")]
    public void A_call_becomes_an_event_by_its_type(Api.EventType type, string name, string properties, string context)
    {
        var e = Events.Accepted(Events.With(e =>
        {
            (e.Type, e.Name, e.GroupId, e.PreviousId) = (type, "N", "G", "P");
            e.Properties = Events.One("a", Google.Protobuf.WellKnownTypes.Value.ForNumber(1));
            e.Traits = Events.One("t", Google.Protobuf.WellKnownTypes.Value.ForNumber(2));
        }));
        Assert.Equal((name, properties, context), (e.Name, e.Properties.ToString(), e.Context.ToString()));
        Assert.Equal(type.ToString(), e.Type.ToString());
    }

    [Theory]
    [InlineData("ann", "", "shop/u/ann", "{}")]
    [InlineData("", "c1", "shop/a/c1", "{}")]
    [InlineData("ann", "c1", "shop/u/ann", """{anonymous_id: "c1"}""")]
    public void An_event_belongs_to_the_known_customer_before_the_visitor(string user, string anonymous, string key, string context)
    {
        var read = Events.Read(Events.With(e => (e.UserId, e.AnonymousId) = (user, anonymous)));
        Assert.Equal((key, context), (read.Key?.Value, read.Event!.Context.ToString()));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("ann", "", "")]
    [InlineData("bob", "", "events[0].user_id | `bob` is not the customer of the request | leave it out, or send the event with Track")]
    [InlineData("", "ann", "events[0].anonymous_id | `ann` is not the customer of the request | leave it out, or send the event with Track")]
    public void An_event_that_rides_along_is_of_the_requests_customer(string user, string anonymous, string violations) => Assert.Equal(
        violations, Events.Text(Events.Read(Events.With(e => (e.UserId, e.AnonymousId) = (user, anonymous)), CustomerKey.User("shop", "ann")).Violations));

    [Theory]
    [InlineData("the client's clock is an hour behind", -3600, -3600, 0)]
    [InlineData("it waited ten minutes in the client", -600, 0, -600)]
    [InlineData("the client's clock is a day ahead", 86_400, 86_430, -30)]
    [InlineData("it happened after it was sent", 5, 0, 5)]
    public void A_time_is_corrected_by_the_clients_clock(string name, int happened, int sent, int corrected)
    {
        var e = Events.Accepted(
            Events.With(e => (e.Timestamp, e.SentAt) = (Events.Now.AddSeconds(happened).ToTimestamp(), Events.Now.AddSeconds(sent).ToTimestamp())), receivedAt: Events.Now);
        Assert.True(e.Timestamp == Events.Now.AddSeconds(corrected), name);
        Assert.Equal(Events.Now.AddSeconds(happened), e.SaidAt);
    }

    [Fact]
    public void An_event_without_a_time_happened_when_it_was_received()
    {
        var e = Events.Accepted(Events.With(e => e.Timestamp = null), receivedAt: Events.Now);
        Assert.Equal((Events.Now, null), (e.Timestamp, e.SaidAt));
    }

    [Fact]
    public void An_instant_is_cut_to_whole_microseconds() =>
        Assert.Equal(Events.Now.AddTicks(10), Events.Accepted(Events.With(e => e.Timestamp.Nanos = 1_999)).Timestamp);

    [Theory]
    [InlineData("no time", true, false, 0)]
    [InlineData("a time", false, false, 0)]
    [InlineData("a time that is by chance ours", false, false, 1)]
    [InlineData("a time corrected by the client's clock", false, true, 0)]
    public void An_event_sent_again_later_has_the_same_contents(string name, bool noTime, bool hasSentAt, int receivedAfter)
    {
        var e = Events.With(e =>
        {
            e.Timestamp = noTime ? null : Events.Now.AddSeconds(receivedAfter).ToTimestamp();
            e.SentAt = hasSentAt ? Events.Now.AddSeconds(3).ToTimestamp() : null;
        });
        var first = Events.Accepted(e, receivedAt: Events.Now.AddSeconds(1));
        e.SentAt = hasSentAt ? Events.Now.AddSeconds(60).ToTimestamp() : null;
        var again = Events.Accepted(e, receivedAt: Events.Now.AddSeconds(61));
        Assert.True(Recorder.ContentHash(first) == Recorder.ContentHash(again), name);
    }

    [Fact]
    public void Violations_end_with_how_many_more_there_are()
    {
        var read = Events.Read(Events.With(e => e.Properties = new Struct
        {
            Fields = { Enumerable.Range(0, 50).ToDictionary(i => $"n{i}", _ => Google.Protobuf.WellKnownTypes.Value.ForNumber(double.NaN)) },
        }));
        Assert.Equal(20, read.Violations.Length);
        Assert.Equal("and 31 more", read.Violations[^1].Description);
    }

    [Fact]
    public void A_refusal_gives_back_no_more_of_an_id_than_an_id_may_have() =>
        Assert.Equal(Limits.MessageIdCharsMax, Events.Read(Events.With(e => e.MessageId = Events.X(100_000))).MessageId.Length);

    [Fact]
    public void Numbers_stay_numbers_and_text_stays_text() => Assert.Equal(
        (Value.Of(3.0), Value.Of("3")),
        Events.Accepted(Events.With(e => e.Properties = new Struct
        {
            Fields = { ["n"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(3), ["t"] = Google.Protobuf.WellKnownTypes.Value.ForString("3") },
        })).Properties is var p ? (p["n"], p["t"]) : default);
}
