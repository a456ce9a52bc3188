using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Tests.Support;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Requests;

public sealed class RequestReaderTests
{
    private static readonly (string Case, Action<Api.NextBestActionRequest> Change, string Violations)[] RefusedQuestions =
    [
        ("long container", q => q.Container = Events.X(129), "container | has 129 characters | send at most 128"),
        ("long channel", q => q.Channel = Events.X(129), "channel | has 129 characters | send at most 128"),
        ("long session", q => q.SessionId = Events.X(129), "session_id | has 129 characters | send at most 128"),
        ("long id", q => q.DecisionRequestId = Events.X(129), "decision_request_id | has 129 characters | send at most 128"),
        ("too many placements", q => q.Placements.AddRange(Enumerable.Range(0, 21).Select(i => $"p{i}")), "placements | has 21 placements | send at most 20"),
        ("an empty placement", q => q.Placements.AddRange(["a", ""]), "placements[1] | is empty or too long | send 1 to 128 characters"),
        ("a placement twice", q => q.Placements.AddRange(["a", "b", "a"]), "placements[2] | `a` is there twice | name each placement once; `max_items` asks for more per placement"),
        ("a container beside placements", q => { q.Containers.Add(Container("a")); q.Placements.Add("p"); }, "containers | stand beside `container`, `placements` or `max_items` | send either; each container has a name, placements and `max_items` of its own"),
        ("a container without a name", q => q.Containers.Add(Container("")), "containers[0].name | is empty or too long | send 1 to 128 characters"),
        ("a container twice", q => q.Containers.AddRange([Container("a"), Container("b"), Container("a")]), "containers[2].name | `a` is there twice | name each container once, with all its placements"),
        ("a placement twice in a container", q => q.Containers.AddRange([Container("a", "p"), Container("b", "p", "p")]), "containers[1].placements[1] | `p` is there twice | name each placement once; `max_items` asks for more per placement"),
        ("too many placements of all containers", q => q.Containers.AddRange([Container("a", [.. Enumerable.Range(0, 20).Select(i => $"p{i}")]), Container("b")]), "containers | have 21 placements, lists counted as one | send at most 20"),
        ("too many items of a container", q => q.Containers.Add(new Api.Container { Name = "a", MaxItems = 51 }), "containers[0].max_items | is 51 | send 1 to 50, or leave it out"),
        ("negative items", q => q.MaxItems = -1, "max_items | is -1 | send 1 to 50, or leave it out"),
        ("too many items", q => q.MaxItems = 51, "max_items | is 51 | send 1 to 50, or leave it out"),
        ("negative sequence", q => q.MinSequence = -1, "min_sequence | is -1 | send the `sequence` of an acknowledgement, or leave it out"),
        ("unknown direction", q => q.Direction = (Api.Direction)3, "direction | `3` is not a direction | send INBOUND or OUTBOUND"),
        ("unknown level", q => q.Explain = (Api.ExplainLevel)4, "explain | `4` is not a level | send NONE, SUMMARY or FULL"),
        ("too many events", q => q.Events.AddRange(Enumerable.Range(0, 501).Select(_ => new Api.Event())), "events | has 501 events | send at most 500"),
        ("a context that is no number", q => q.Context = Events.One("a", Value.ForNumber(double.NaN)), "context.a | is not a finite number | leave it out or send a number"),
    ];

    public static TheoryData<string> QuestionCases => [.. RefusedQuestions.Select(c => c.Case)];

    [Theory, MemberData(nameof(QuestionCases))]
    public void A_question_is_refused_with_the_field_and_the_cure(string name)
    {
        var (_, change, expected) = RefusedQuestions.Single(c => c.Case == name);
        var question = new Api.NextBestActionRequest();
        change(question);
        var violations = new Violations();
        DecisionReader.Read(question, violations);
        Assert.Equal(expected, Events.Text(violations.Found));
    }

    [Theory]
    [InlineData(0, 0, 3)]
    [InlineData(0, 2, 1)]
    [InlineData(7, 0, 7)]
    [InlineData(50, 20, 50)]
    public void A_question_asks_for_one_item_per_placement_or_three_in_a_list(int items, int placements, int expected)
    {
        var question = new Api.NextBestActionRequest { MaxItems = items };
        question.Placements.AddRange(Enumerable.Range(0, placements).Select(i => $"p{i}"));
        var violations = new Violations();
        var read = DecisionReader.Read(question, violations);
        Assert.Equal((expected, false), (read.MaxItems, violations.Any));
        Assert.Equal(question.Placements, read.Placements);
    }

    [Theory]
    [InlineData(Api.ExplainLevel.Unspecified, ExplainLevel.Summary)]
    [InlineData(Api.ExplainLevel.None, ExplainLevel.None)]
    [InlineData(Api.ExplainLevel.Summary, ExplainLevel.Summary)]
    [InlineData(Api.ExplainLevel.Full, ExplainLevel.Full)]
    public void The_level_of_reasons_is_summary_unless_said(Api.ExplainLevel given, ExplainLevel expected) =>
        Assert.Equal(expected, DecisionReader.Read(new Api.NextBestActionRequest { Explain = given }, new Violations()).Explain);

    private static Api.Container Container(string name, params string[] placements) => new() { Name = name, Placements = { placements } };

    [Fact]
    public void A_question_without_an_id_gets_one_of_its_own()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => DecisionReader.Read(new Api.NextBestActionRequest(), new Violations()).RequestId).ToList();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal("q1", DecisionReader.Read(new Api.NextBestActionRequest { DecisionRequestId = "q1" }, new Violations()).RequestId);
    }

    [Fact]
    public void A_watch_asks_without_counting()
    {
        var read = DecisionReader.Read(new Api.WatchRequest { Channel = "web", MaxItems = 2 }, new Violations());
        Assert.Equal(("web", 2, true, ExplainLevel.None), (read.Channel, read.MaxItems, read.DryRun, read.Explain));
    }

    [Theory]
    [InlineData("none", "customer | is missing | set `user_id`, `anonymous_id` or `external`", null)]
    [InlineData("user:", "customer.user_id | is empty | send 1 to 256 characters", null)]
    [InlineData("anonymous:", "customer.anonymous_id | is empty | send 1 to 256 characters", null)]
    [InlineData("user:ann", "", "shop/u/ann")]
    [InlineData("anonymous:c1", "", "shop/a/c1")]
    public void An_identity_is_one_id_that_is_not_empty(string given, string violations, string? key)
    {
        var id = given[(given.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var identity = given == "none" ? new Api.CustomerIdentity()
            : given[0] == 'u' ? new Api.CustomerIdentity { UserId = id } : new Api.CustomerIdentity { AnonymousId = id };
        var found = new Violations();
        Assert.Equal(key, IdentityReader.Read(identity, "shop", "customer", found)?.Value);
        Assert.Equal(violations, Events.Text(found.Found));
    }

    [Fact]
    public void An_identity_comes_back_as_it_was_given() => Assert.All(
        new[] { new Api.CustomerIdentity { UserId = "a/u/b" }, new Api.CustomerIdentity { AnonymousId = "a/b" } },
        identity => Assert.Equal(identity, IdentityReader.Write(IdentityReader.Read(identity, "shop", "customer", new Violations())!.Value)));

    [Theory]
    [InlineData(0, "events | is empty | send 1 to 500")]
    [InlineData(501, "events | has 501 events | send 1 to 500")]
    public void A_batch_has_at_least_one_event_and_at_most_500(int count, string violations)
    {
        var events = new Api.TrackRequest();
        events.Events.AddRange(Enumerable.Range(0, count).Select(i => Events.Good($"m{i}")));
        var refusal = Assert.Throws<InvalidRequestException>(() => EventBatchReader.Read(events.Events, new Caller("shop", AccessScope.Track, "k", "key"), null, Events.Now));
        Assert.Equal(violations, Events.Text(refusal.Violations));
    }
}
