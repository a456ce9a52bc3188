using Decisioning.Gateway.Tests.Access;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Services;

/// <summary>Who is who, as callers say it: visitors that turn out to be known customers, ids of other systems, and whom one believes.</summary>
public sealed class IdentityTests(KeyServer server) : IClassFixture<KeyServer>
{
    private readonly string _user = GatewayServer.NewCustomer();
    private readonly string _visitor = GatewayServer.NewCustomer("visitor");

    private Api.CustomerIdentity Visitor => new() { AnonymousId = _visitor };

    [Fact]
    public async Task Identify_brings_the_visitors_history_before_it_and_the_next_question_by_either_id_sees_both()
    {
        await TrackAsync(Viewed("a1"), Viewed("a2"));

        var ack = await TrackAsync(Identify("i"));

        Assert.Equal("Applied", ack.Status.ToString());
        Assert.Equal("", ack.Unlinked);
        var customer = await GetAsync(Visitor);
        Assert.Equal(_user, customer.Identity.UserId);
        Assert.Equal(_visitor, Assert.Single(customer.Identities).AnonymousId);
        Assert.Equal(2, customer.Features.Fields["views"].NumberValue);
        Assert.Equal(customer.Sequence, ack.Sequence);
        Assert.Equal(ack.Sequence, (await AskAsync(Visitor, server.Admin, ack.Sequence)).Sequence);
    }

    [Fact]
    public async Task An_event_that_names_both_links_them_too_and_a_repeat_by_either_id_is_one()
    {
        await TrackAsync(Viewed("a1"));
        await TrackAsync(Viewed("u1", e => e.UserId = _user));

        Assert.Equal(Api.EventStatus.Duplicate, (await TrackAsync(Viewed("a1"))).Status);
        Assert.Equal(Api.EventStatus.Duplicate, (await TrackAsync(Viewed("a1", e => (e.UserId, e.AnonymousId) = (_user, "")))).Status);
        Assert.Equal(2, (await GetAsync(GatewayServer.User(_user))).Features.Fields["views"].NumberValue);
    }

    [Fact]
    public async Task A_batch_has_the_visitors_own_events_first_and_answers_each_in_its_place()
    {
        var request = new Api.TrackRequest { Events = { Identify("i"), Viewed("a1"), Viewed("u1", e => e.UserId = _user), Viewed("a2") } };

        var acks = (await server.Events.TrackAsync(request, server.Admin)).Acks;

        Assert.Equal(["i", "a1", "u1", "a2"], acks.Select(ack => ack.MessageId));
        Assert.All(acks, ack => Assert.Equal(Api.EventStatus.Applied, ack.Status));
        Assert.Equal(3, (await GetAsync(Visitor)).Features.Fields["views"].NumberValue);
    }

    [Fact]
    public async Task Aliases_from_visitor_to_visitor_to_user_make_one_customer_of_them_whichever_way_round_they_came()
    {
        await TrackAsync(Viewed("a1"));
        await TrackAsync(Viewed("b1", e => e.AnonymousId = _visitor + "-b"));
        await TrackAsync(Alias("x1", _visitor, e => e.AnonymousId = _visitor + "-b"));
        await TrackAsync(Alias("x2", _visitor + "-b", e => e.AnonymousId = _visitor));
        await TrackAsync(Alias("x3", _visitor, e => (e.UserId, e.AnonymousId) = (_user, "")));

        foreach (var identity in new[] { Visitor, new() { AnonymousId = _visitor + "-b" }, GatewayServer.User(_user) })
        {
            Assert.Equal((_user, 2.0), ((await GetAsync(identity)).Identity.UserId, (await GetAsync(identity)).Features.Fields["views"].NumberValue));
        }
    }

    [Fact]
    public async Task Two_known_customers_are_not_made_one()
    {
        await TrackAsync(Viewed("u1", e => (e.UserId, e.AnonymousId) = (_user + "-old", "")));

        var ack = await TrackAsync(Alias("x", _user + "-old", e => (e.UserId, e.AnonymousId) = (_user, "")));

        Assert.Equal(
            "Rejected 0 events[0].previous_id | is a known customer's own id | two known customers are not made one; send a visitor's id, or keep both apart",
            $"{ack.Status} {ack.Sequence} {Events.Text(ack.Violations)}");
    }

    [Fact]
    public async Task A_visitor_who_is_another_customers_stays_there_and_the_event_is_recorded_all_the_same()
    {
        await TrackAsync(Identify("i"));

        var ack = await TrackAsync(Identify("j", e => e.UserId = _user + "-other"));

        Assert.Equal(Api.EventStatus.Applied, ack.Status);
        Assert.Contains($"`{_visitor}` is not linked: it is another customer's", ack.Unlinked, StringComparison.Ordinal);
        Assert.Equal(_user, (await GetAsync(Visitor)).Identity.UserId);
    }

    [Fact]
    public async Task The_65th_identity_of_a_customer_is_refused_in_a_sentence()
    {
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal("", (await TrackAsync(Identify($"i{i}", e => e.AnonymousId = $"{_visitor}-{i}"))).Unlinked);
        }

        var ack = await TrackAsync(Identify("i"));

        Assert.Equal(Api.EventStatus.Applied, ack.Status);
        Assert.Contains("as many further identities as a customer may have (64)", ack.Unlinked, StringComparison.Ordinal);
        Assert.Equal(64, (await GetAsync(GatewayServer.User(_user))).Identities.Count);
        Assert.Equal(_visitor, (await GetAsync(Visitor)).Identity.AnonymousId);
    }

    [Fact]
    public async Task A_customer_is_found_by_the_ids_that_other_systems_gave()
    {
        var external = new Api.CustomerIdentity { External = new() { Namespace = "android_idfa", Id = _visitor + ":1" } };
        var context = Events.One("externalIds", Value.ForList(Value.ForStruct(new() { Fields =
        {
            ["id"] = Value.ForString(_visitor + ":1"), ["type"] = Value.ForString("android.idfa"), ["collection"] = Value.ForString("users"),
        } })));
        await TrackAsync(Viewed("u1", e => (e.UserId, e.Context) = (_user, context)));

        var customer = await GetAsync(external);

        Assert.Equal(_user, customer.Identity.UserId);
        Assert.Equal(new[] { Visitor, external }.ToHashSet(), customer.Identities.ToHashSet());
    }

    [Fact]
    public async Task What_a_website_says_of_a_visitor_opens_no_customer_to_it_until_a_server_says_so_too()
    {
        var website = KeyServer.Bearer((await server.CreateAsync("web", [Api.Scope.Track, Api.Scope.Decide], key => key.IsPublic = true)).Text);
        await TrackAsync(Viewed("u1", e => (e.UserId, e.AnonymousId) = (_user, "")));
        await server.Events.TrackAsync(new() { Events = { Identify("i") } }, website);

        Assert.Empty((await AskAsync(Visitor, website, minSequence: 2)).Items);
        Assert.Equal("welcome", Assert.Single((await AskAsync(Visitor, server.Admin)).Items).Action);

        await TrackAsync(Identify("server"));
        Assert.Equal("welcome", Assert.Single((await AskAsync(Visitor, website)).Items).Action);
    }

    [Fact]
    public async Task A_website_links_no_ids_of_other_systems()
    {
        var website = KeyServer.Bearer((await server.CreateAsync("web", [Api.Scope.Track], key => key.IsPublic = true)).Text);
        var external = new Api.CustomerIdentity { External = new() { Namespace = "email", Id = _user } };
        var context = Events.One("externalIds", Value.ForList(Value.ForStruct(new() { Fields = { ["id"] = Value.ForString(_user), ["type"] = Value.ForString("email") } })));

        await server.Events.TrackAsync(new() { Events = { Identify("i", e => e.Context = context) } }, website);

        Assert.Equal(0, (await GetAsync(external)).Sequence);
    }

    [Fact]
    public async Task The_same_ids_of_another_tenant_are_others()
    {
        await TrackAsync(Viewed("a1"));
        await server.Events.TrackAsync(new() { Events = { Identify("i") } }, server.Rival);

        Assert.Equal(_visitor, (await GetAsync(Visitor)).Identity.AnonymousId);
        var rival = (await server.Customers.GetAsync(new() { Customer = Visitor }, server.Rival)).Customer;
        Assert.Equal((_user, 0.0), (rival.Identity.UserId, rival.Features.Fields["views"].NumberValue));
    }

    [Fact]
    public async Task A_question_by_a_visitor_that_brings_identify_is_answered_for_the_customer()
    {
        await TrackAsync(Viewed("u1", e => (e.UserId, e.AnonymousId) = (_user, "")));

        var response = await server.Decisions.NextBestActionAsync(
            new() { Customer = Visitor, Channel = "web", DryRun = true, Events = { Viewed("a1"), Identify("i") } }, server.Admin);

        Assert.Equal(["Applied", "Applied"], response.Acks.Select(ack => ack.Status.ToString()));
        Assert.Equal("welcome", Assert.Single(response.Decision.Items).Action);
        Assert.Equal((await GetAsync(GatewayServer.User(_user))).Sequence, response.Decision.Sequence);
    }

    [Fact]
    public async Task Who_watches_a_visitor_goes_on_with_the_customer_that_the_visitor_is()
    {
        await TrackAsync(Viewed("u1", e => (e.UserId, e.AnonymousId) = (_user, "")));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(30));
        using var watch = server.Customers.Watch(new() { Customer = Visitor, Channel = "web" }, server.Admin, cancellationToken: stop.Token);
        Assert.True(await watch.ResponseStream.MoveNext(stop.Token));
        Assert.Empty(watch.ResponseStream.Current.Decision.Items);

        await TrackAsync(Identify("i"));
        while (!(watch.ResponseStream.Current.Decision?.Items.Count > 0))
        {
            Assert.True(await watch.ResponseStream.MoveNext(stop.Token));
        }

        Assert.Equal("welcome", watch.ResponseStream.Current.Decision.Items[0].Action);
    }

    [Fact]
    public async Task Export_and_erasure_by_any_identity_reach_all_of_them()
    {
        await TrackAsync(Viewed("a1"), Identify("i"));
        using var export = server.Customers.Export(new() { Customer = Visitor }, server.Admin);
        Assert.True(await export.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(new[] { Visitor, GatewayServer.User(_user) }.ToHashSet(), export.ResponseStream.Current.Start.Identities.ToHashSet());

        var receipt = await server.Customers.EraseAsync(new() { Customer = Visitor, ErasureRequestId = "r" }, server.Admin);

        Assert.Equal(2, receipt.Identities);
        Assert.Equal((0, _visitor), ((await GetAsync(Visitor)).Sequence, (await GetAsync(Visitor)).Identity.AnonymousId));
        Assert.Equal((0, 0), ((await GetAsync(GatewayServer.User(_user))).Sequence, (await GetAsync(GatewayServer.User(_user))).Identities.Count));
    }

    private Api.Event Viewed(string id, Action<Api.Event>? change = null) => Event(id, e => e.Event_ = "Product Viewed", change);

    private Api.Event Identify(string id, Action<Api.Event>? change = null) =>
        Event(id, e => (e.Type, e.UserId) = (Api.EventType.Identify, _user), change);

    private Api.Event Alias(string id, string previous, Action<Api.Event> change) =>
        Event(id, e => (e.Type, e.PreviousId) = (Api.EventType.Alias, previous), change);

    private Api.Event Event(string id, Action<Api.Event> kind, Action<Api.Event>? change)
    {
        var e = new Api.Event { MessageId = id, AnonymousId = _visitor, Timestamp = Events.Now.ToTimestamp() };
        kind(e);
        change?.Invoke(e);
        return e;
    }

    private async Task<Api.EventAck> TrackAsync(params Api.Event[] events) =>
        (await server.Events.TrackAsync(new() { Events = { events } }, server.Admin)).Acks[^1];

    private async Task<Api.Customer> GetAsync(Api.CustomerIdentity identity) => (await server.Customers.GetAsync(new() { Customer = identity }, server.Admin)).Customer;

    private async Task<Api.Decision> AskAsync(Api.CustomerIdentity identity, Metadata headers, long minSequence = 0) =>
        (await server.Decisions.NextBestActionAsync(new() { Customer = identity, Channel = "web", DryRun = true, MinSequence = minSequence }, headers)).Decision;
}
