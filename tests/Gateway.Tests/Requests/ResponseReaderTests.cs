using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Tests.Support;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Requests;

public sealed class ResponseReaderTests
{
    private static readonly TrackingToken Token = new("d1", "sell", "basics", "welcome", "hello", "web", "hero", Events.Now.AddHours(-1));

    private static readonly (string Case, Action<Api.ActionResponse> Change, string Violations)[] Refused =
    [
        ("neither token nor action", r => r.TrackingToken = "", "responses[0].action | is missing or too long | send `tracking_token`, or `action` as the strategy names it"),
        ("a long action", r => (r.TrackingToken, r.Action) = ("", Events.X(129)), "responses[0].action | is missing or too long | send `tracking_token`, or `action` as the strategy names it"),
        ("no outcome", r => r.Outcome = Api.Outcome.Unspecified, "responses[0].outcome | is missing or unknown | send IMPRESSION, CLICKED, ACCEPTED, REJECTED, DISMISSED, NO_RESPONSE or CONVERTED"),
        ("unknown outcome", r => r.Outcome = (Api.Outcome)8, "responses[0].outcome | is missing or unknown | send IMPRESSION, CLICKED, ACCEPTED, REJECTED, DISMISSED, NO_RESPONSE or CONVERTED"),
        ("unknown behaviour", r => r.Behaviour = (Api.Behaviour)4, "responses[0].behaviour | `4` is not a behaviour | send POSITIVE, NEGATIVE or NEUTRAL, or leave it out"),
        ("a reward that is no number", r => r.Reward = double.NaN, "responses[0].reward | is not a number of a sensible size | send at most 1000000000000"),
        ("a reward beyond measure", r => r.Reward = 1.1e12, "responses[0].reward | is not a number of a sensible size | send at most 1000000000000"),
        ("a long id", r => r.MessageId = Events.X(129), "responses[0].message_id | has 129 characters | send at most 128, or leave it out"),
        ("no instant", r => r.OccurredAt = new Timestamp { Seconds = long.MinValue }, "responses[0].occurred_at | is not an instant between 1900 and 9999 | send when it happened, in UTC"),
        ("a long channel beside a token", r => r.Channel = Events.X(129), "responses[0].channel | has 129 characters | send at most 128"),
        ("a long treatment beside a token", r => r.Treatment = Events.X(129), "responses[0].treatment | has 129 characters | send at most 128"),
        ("a long placement beside a token", r => r.Placement = Events.X(129), "responses[0].placement | has 129 characters | send at most 128"),
        ("a long decision", r => (r.TrackingToken, r.Action, r.DecisionId) = ("", "welcome", Events.X(129)), "responses[0].decision_id | has 129 characters | send at most 128"),
    ];

    public static TheoryData<string> RefusedCases => [.. Refused.Select(c => c.Case)];

    [Theory, MemberData(nameof(RefusedCases))]
    public void A_response_is_refused_with_the_field_and_the_cure(string name)
    {
        var (_, change, expected) = Refused.Single(c => c.Case == name);
        Assert.Equal(expected, Events.Text(Read(change).Violations));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("====")]
    [InlineData("AAAA")]
    public void A_token_that_is_not_ours_is_refused(string token)
    {
        var violation = Assert.Single(Read(r => r.TrackingToken = token).Violations);
        Assert.Equal(("responses[0].tracking_token", "send the token of the decision's item unchanged"), (violation.Field, violation.Cure));
    }

    [Fact]
    public void A_token_says_what_is_answered_and_the_caller_says_where()
    {
        var e = Read(r => r.Channel = "agent").Event!;
        Assert.Equal(
            new ActionResponse("d1", "sell", "basics", "welcome", "hello", "agent", "hero", Outcome.Clicked, Behaviour.Positive, 0), e.Response);
        Assert.Equal((EventType.Response, "Response Captured"), (e.Type, e.Name));
    }

    [Theory]
    [InlineData(Api.Outcome.Impression, Behaviour.Neutral)]
    [InlineData(Api.Outcome.Clicked, Behaviour.Positive)]
    [InlineData(Api.Outcome.Accepted, Behaviour.Positive)]
    [InlineData(Api.Outcome.Rejected, Behaviour.Negative)]
    [InlineData(Api.Outcome.Dismissed, Behaviour.Negative)]
    [InlineData(Api.Outcome.NoResponse, Behaviour.Neutral)]
    [InlineData(Api.Outcome.Converted, Behaviour.Positive)]
    public void The_behaviour_follows_from_the_outcome_unless_said(Api.Outcome outcome, Behaviour expected)
    {
        Assert.Equal(expected, Read(r => r.Outcome = outcome).Event!.Response!.Behaviour);
        Assert.Equal(Behaviour.Negative, Read(r => (r.Outcome, r.Behaviour) = (outcome, Api.Behaviour.Negative)).Event!.Response!.Behaviour);
    }

    [Theory]
    [InlineData("the same click, reported again", 0, false, true)]
    [InlineData("the same click, at another instant", 5, false, true)]
    [InlineData("no token, the same instant", 0, true, true)]
    [InlineData("no token, another instant", 5, true, false)]
    public void A_response_without_an_id_is_a_repeat_if_it_says_the_same(string name, int secondsLater, bool byName, bool isRepeat)
    {
        var (first, again) = (At(0), At(secondsLater));
        Assert.True(isRepeat == (first.MessageId == again.MessageId && Recorder.ContentHash(first) == Recorder.ContentHash(again)), name);

        CustomerEvent At(int seconds) => Read(
            r => (r.TrackingToken, r.Action, r.OccurredAt) = (byName ? "" : r.TrackingToken, byName ? "welcome" : "", Events.Now.AddSeconds(seconds - 60).ToTimestamp()),
            Events.Now.AddSeconds(seconds)).Event!;
    }

    [Theory]
    [InlineData("decided anew", 5, "hero", true)]
    [InlineData("decided anew and shown elsewhere", 5, "side", false)]
    public void A_response_to_what_a_watch_shows_again_is_a_repeat_while_it_is_in_its_place(string name, int secondsLater, string placement, bool isRepeat)
    {
        var first = Read(r => { }).Event!;
        var again = Read(r => r.TrackingToken = (Token with { DecidedAt = Token.DecidedAt.AddSeconds(secondsLater), Placement = placement }).Write()).Event!;

        Assert.True(isRepeat == (first.MessageId == again.MessageId), name);
        Assert.True(isRepeat == (Recorder.ContentHash(first) == Recorder.ContentHash(again)), name);
    }

    [Fact]
    public void Two_responses_that_say_nothing_of_decision_or_time_are_two() =>
        Assert.NotEqual(ByName().MessageId, ByName().MessageId);

    [Fact]
    public void A_made_id_fits_whatever_it_is_made_of() => Assert.InRange(
        Read(r => (r.TrackingToken, r.Action, r.DecisionId) = ("", Events.X(128), Events.X(128))).MessageId.Length, 1, Engine.Limits.MessageIdCharsMax);

    [Theory]
    [InlineData(0, "responses | is empty | send 1 to 500")]
    [InlineData(501, "responses | has 501 responses | send 1 to 500")]
    public void A_call_has_at_least_one_response_and_at_most_500(int count, string expected)
    {
        var request = new Api.CaptureResponseRequest();
        request.Responses.AddRange(Enumerable.Range(0, count).Select(_ => new Api.ActionResponse()));
        var violations = new Violations();
        Assert.Empty(ResponseReader.Read(request.Responses, Events.Now, violations));
        Assert.Equal(expected, Events.Text(violations.Found));
    }

    private static CustomerEvent ByName() => Read(r => (r.TrackingToken, r.Action) = ("", "welcome")).Event!;

    private static ReadEvent Read(Action<Api.ActionResponse> change, DateTimeOffset? receivedAt = null)
    {
        var response = new Api.ActionResponse { TrackingToken = Token.Write(), Outcome = Api.Outcome.Clicked };
        change(response);
        var request = new Api.CaptureResponseRequest();
        request.Responses.Add(response);
        return ResponseReader.Read(request.Responses, receivedAt ?? Events.Now, new Violations())[0];
    }
}
