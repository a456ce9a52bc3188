using Decisioning.Gateway.Tests.Support;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Api = Decisioning.V1;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Services;

[Collection(typeof(SharedServer))]
public sealed class DecisionsTests(GatewayServer server)
{
    private readonly string _user = GatewayServer.NewCustomer();

    [Fact]
    public async Task A_decision_sees_the_events_that_ride_along_and_each_is_acknowledged()
    {
        var question = Question();
        question.Events.AddRange([new() { MessageId = "m1", Event_ = "Product Viewed" }, new() { MessageId = "m2" }, new() { MessageId = "m3", Event_ = "Product Viewed", UserId = "other" }]);
        var response = await server.Decisions.NextBestActionAsync(question);
        Assert.Equal(["Applied 1", "Rejected 0 events[1].event", "Rejected 0 events[2].user_id"], response.Acks.Select(GatewayServer.Text));
        Assert.Equal(("welcome", "Welcome", 1L), (response.Decision.Items[0].Action, response.Decision.Items[0].Content["text"], response.Decision.Sequence));
    }

    [Fact]
    public async Task A_question_whose_events_are_all_refused_is_still_answered()
    {
        var question = Question();
        question.Events.Add(new Api.Event());
        var response = await server.Decisions.NextBestActionAsync(question);
        Assert.Equal(("Applicability", 0L), (response.Decision.Suppressed[0].Stage.ToString(), response.Decision.Sequence));
        Assert.Equal(Api.EventStatus.Rejected, response.Acks[0].Status);
    }

    [Fact]
    public async Task A_placement_that_nothing_is_for_is_warned_of_where_it_stands_and_the_rest_is_answered()
    {
        await server.TrackAsync(Events.Good("m1", _user));
        var question = Question();
        question.Containers.AddRange([new() { Name = "home", Placements = { "heroo", "hero" } }, new() { Name = "basket", Placements = { "heroo" } }]);
        question.Placements.Clear();
        question.MaxItems = 0;
        var response = await server.Decisions.NextBestActionAsync(question);
        Assert.Equal(["home hero welcome"], response.Decision.Items.Select(item => $"{item.Container} {item.Placement} {item.Action}"));
        Assert.Equal(
            [
                "containers[0].placements[0] | the strategy has no treatment for `heroo` on channel `web` | ask for one that it has a treatment for: `hero`",
                "containers[1].placements[0] | the strategy has no treatment for `heroo` on channel `web` | ask for one that it has a treatment for: `hero`",
            ],
            response.Warnings.Select(warning => $"{warning.Field} | {warning.Description} | {warning.Cure}"));

        question = Question();
        question.Channel = "wep";
        question.Placements.Clear();
        question.Placements.Add("hero");
        var warning = Assert.Single((await server.Decisions.NextBestActionAsync(question)).Warnings);
        Assert.Equal(("placements[0]", "ask for a channel that the strategy has treatments for"), (warning.Field, warning.Cure));
    }

    [Fact]
    public async Task A_sequence_not_yet_reached_is_a_failed_precondition()
    {
        await server.TrackAsync(Events.Good("m1", _user));
        var question = Question();
        question.MinSequence = 1;
        Assert.Equal(1, (await server.Decisions.NextBestActionAsync(question)).Decision.Sequence);
        question.MinSequence = 2;
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Decisions.NextBestActionAsync(question));
        Assert.Equal(
            (StatusCode.FailedPrecondition, "the customer's sequence is 1, not yet 2; send a `min_sequence` from an acknowledgement of this customer"),
            (failure.StatusCode, failure.Status.Detail));
        var get = new Api.GetRequest { Customer = GatewayServer.User(_user), MinSequence = 2 };
        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(async () => await server.Customers.GetAsync(get))).StatusCode);
    }

    [Fact]
    public async Task A_question_without_a_customer_is_refused_with_every_field()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Decisions.NextBestActionAsync(new Api.NextBestActionRequest { MaxItems = -1 }));
        var fields = Google.Rpc.Status.Parser.ParseFrom(failure.Trailers.GetValueBytes("grpc-status-details-bin")).Details[0].Unpack<Google.Rpc.BadRequest>().FieldViolations;
        Assert.Equal(["customer", "max_items"], fields.Select(field => field.Field));
    }

    [Fact]
    public async Task A_refused_question_does_not_end_a_stream_and_answers_keep_their_order()
    {
        await server.TrackAsync(Events.Good("m1", _user));
        using var call = server.Decisions.NextBestActionStream();
        var late = Question();
        late.MinSequence = 9;
        foreach (var question in new[] { Question(), new(), null, late, Question() })
        {
            await call.RequestStream.WriteAsync(new Api.NextBestActionStreamRequest { Request = question });
        }

        await call.RequestStream.CompleteAsync();
        var answers = new List<string>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            answers.Add(answer.Refusal is { } refusal ? $"{(StatusCode)refusal.Code} {string.Join(' ', refusal.Violations.Select(v => v.Field))}" : answer.Response.Decision.Sequence.ToString());
        }

        Assert.Equal(["1", "InvalidArgument customer", "InvalidArgument customer", "FailedPrecondition ", "1"], answers);
    }

    [Fact]
    public async Task A_question_on_a_stream_sees_the_events_that_rode_along_before_it()
    {
        using var call = server.Decisions.NextBestActionStream();
        for (var i = 0; i < 30; i++)
        {
            var question = Question();
            question.DryRun = true;
            question.Events.Add(Events.Good($"m{i}", _user));
            await call.RequestStream.WriteAsync(new Api.NextBestActionStreamRequest { Request = question });
            question.Events.Clear();
            await call.RequestStream.WriteAsync(new Api.NextBestActionStreamRequest { Request = question });
        }

        await call.RequestStream.CompleteAsync();
        var sequences = new List<long>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            sequences.Add(answer.Response.Decision.Sequence);
        }

        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), sequences.Where((_, i) => i % 2 == 0));
        Assert.All(sequences.Chunk(2), pair => Assert.True(pair[1] >= pair[0], string.Join(' ', sequences)));
    }

    [Fact]
    public async Task A_response_by_token_counts_once()
    {
        await server.TrackAsync(Events.Good("m1", _user));
        var token = (await server.Decisions.NextBestActionAsync(Question())).Decision.Items[0].TrackingToken;
        var clicked = new Api.ActionResponse { TrackingToken = token, Outcome = Api.Outcome.Impression };
        Assert.Equal(["Applied 2", "Duplicate 2"], await CaptureAsync(_user, clicked, clicked));
        clicked.OccurredAt = server.Clock.Now.AddSeconds(-1).ToTimestamp();
        Assert.Equal(["Duplicate 2"], await CaptureAsync(_user, clicked));
        Assert.Equal("ContactPolicy", (await server.Decisions.NextBestActionAsync(Question())).Decision.Suppressed[0].Stage.ToString());
    }

    [Fact]
    public async Task A_response_by_name_counts_against_the_caps_of_the_actions_group()
    {
        await server.TrackAsync(Events.Good("m1", _user));
        Assert.Equal(["Applied 2"], await CaptureAsync(_user, new Api.ActionResponse { Action = "welcome", Channel = "web", Outcome = Api.Outcome.Impression }));
        Assert.Equal("ContactPolicy", (await server.Decisions.NextBestActionAsync(Question())).Decision.Suppressed[0].Stage.ToString());
    }

    [Fact]
    public async Task A_response_to_an_action_that_is_none_is_refused_by_its_own_field()
    {
        var request = new Api.CaptureResponseRequest { Customer = GatewayServer.User(_user) };
        request.Responses.AddRange(
        [
            new() { Action = "welcom", Outcome = Api.Outcome.Clicked }, new() { TrackingToken = "garbage", Outcome = Api.Outcome.Clicked },
            new() { Action = "welcome", Outcome = Api.Outcome.Clicked, OccurredAt = server.Clock.Now.AddHours(1).ToTimestamp() },
        ]);
        var acks = (await server.Decisions.CaptureResponseAsync(request)).Acks;
        Assert.Equal("responses[0].action | `\"welcom\"` is no action of the strategy; did you mean `welcome`? | send the decision's `tracking_token`, or an action's name as the strategy has it", Events.Text(acks[0].Violations));
        Assert.Equal(["Rejected 0 responses[0].action", "Rejected 0 responses[1].tracking_token", "Rejected 0 responses[2].occurred_at"], acks.Select(GatewayServer.Text));
    }

    [Fact]
    public async Task A_token_counts_for_the_customer_who_answers_and_leaves_the_other_alone()
    {
        var other = GatewayServer.NewCustomer();
        await server.TrackAsync(Events.Good("m1", _user), Events.Good("m1", other));
        var token = (await server.Decisions.NextBestActionAsync(Question())).Decision.Items[0].TrackingToken;
        Assert.Equal(["Applied 2"], await CaptureAsync(other, new Api.ActionResponse { TrackingToken = token, Outcome = Api.Outcome.Impression }));
        Assert.Equal(1, (await server.Customers.GetAsync(new Api.GetRequest { Customer = GatewayServer.User(_user) })).Customer.Sequence);
    }

    [Fact]
    public async Task A_dry_run_counts_nothing()
    {
        await server.TrackAsync(Events.Good("m1", _user));
        var question = Question();
        question.DryRun = true;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("welcome", (await server.Decisions.NextBestActionAsync(question)).Decision.Items[0].Action);
        }
    }

    private Api.NextBestActionRequest Question() => new() { Customer = GatewayServer.User(_user), Channel = "web" };

    private async Task<List<string>> CaptureAsync(string user, params Api.ActionResponse[] responses)
    {
        var request = new Api.CaptureResponseRequest { Customer = GatewayServer.User(user) };
        request.Responses.AddRange(responses);
        return [.. (await server.Decisions.CaptureResponseAsync(request)).Acks.Select(GatewayServer.Text)];
    }
}
