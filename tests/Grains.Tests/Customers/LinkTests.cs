using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Grains.Tests.Support;
using static Decisioning.Engine.Customers.RecordStatus;

namespace Decisioning.Grains.Tests.Customers;

[Collection(typeof(SharedEngine))]
public sealed class LinkTests(TestEngine engine)
{
    [Fact]
    public async Task A_visitors_history_is_the_customers_once_they_are_linked_by_whatever_id_one_asks()
    {
        var ann = await engine.CustomerAsync();
        var visitor = Visitor(ann, "a");
        await ann.RecordAsync(ann.Viewed("u1"));
        await visitor.RecordAsync(visitor.Viewed("a1"), visitor.Viewed("a2"));

        Assert.Equal(LinkStatus.Linked, await LinkAsync(visitor, ann));

        var reply = await visitor.Grain.ViewAsync(new ViewRequest());
        Assert.Equal(ann.Key, reply.Customer);
        Assert.Equal([visitor.Key], reply.Identities);
        Assert.Equal(Value.Of(3L), reply.View!.Features["views"]);
        Assert.Equal(["u1", "a1", "a2"], await OwnIdsAsync(ann));
        Assert.Equal(ann.Key, (await visitor.Grain.ResolveAsync()).Customer);
        Assert.Null((await engine.Store.ReadAsync(visitor.Key)).DueAt);
    }

    [Fact]
    public async Task Both_states_are_what_their_logs_say_after_a_link()
    {
        var ann = await engine.CustomerAsync();
        var visitor = Visitor(ann, "a");
        await visitor.RecordAsync([.. Enumerable.Range(0, 30).Select(i => visitor.Viewed($"a{i}", TimeSpan.FromMinutes(30 - i)))]);
        await ann.RecordAsync(ann.Viewed("u"));

        await LinkAsync(visitor, ann);

        foreach (var grain in new[] { visitor.Grain, ann.Grain })
        {
            Assert.Empty((await grain.VerifyAsync()).Differences);
        }
    }

    [Fact]
    public async Task An_event_sent_to_the_visitor_after_the_link_is_the_customers_and_a_repeat_is_one_on_either_side()
    {
        var ann = await engine.CustomerAsync();
        var visitor = Visitor(ann, "a");
        var (before, after) = (visitor.Viewed("before"), visitor.Viewed("after"));
        await visitor.RecordAsync(before);
        await LinkAsync(visitor, ann);

        Assert.Equal([Applied, Duplicate], RecordTests.Statuses(await visitor.RecordAsync(after, before)));
        Assert.Equal([Duplicate, Duplicate], RecordTests.Statuses(await ann.RecordAsync(before, after)));
        Assert.Equal([Conflict], RecordTests.Statuses(await ann.RecordAsync(before with { Name = "Order Completed" })));
        Assert.Equal(["before", "after"], await OwnIdsAsync(ann));
        Assert.Equal(["before"], await OwnIdsAsync(visitor));
    }

    [Fact]
    public async Task A_decision_sees_both_histories_at_once_and_what_the_visitor_answered()
    {
        var ann = await engine.CustomerAsync();
        var visitor = Visitor(ann, "a");
        await visitor.RecordAsync(visitor.Viewed("a1"));
        var offered = (await visitor.AskAsync("q")).Decision!;
        await visitor.RecordAsync(visitor.Response("r", offered, Outcome.Impression));

        await LinkAsync(visitor, ann);

        // The cap counts the impression that the visitor had.
        Assert.Equal("", await ann.ActionsAsync("q2"));
        var reply = await visitor.AskAsync("q3", minSequence: (await ann.RecordAsync(ann.Viewed("u"))).Sequence);
        Assert.Equal((await ann.ViewAsync()).Sequence, reply.Decision!.Sequence);
    }

    [Fact]
    public async Task A_link_that_only_a_visitors_program_asserts_is_not_followed_for_it_until_someone_trusted_confirms()
    {
        var ann = await engine.CustomerAsync();
        var visitor = Visitor(ann, "a");
        await ann.RecordAsync(ann.Viewed("u"));
        await LinkAsync(visitor, ann, isVerified: false);
        var careful = TestCustomer.Question("q", minSequence: 99, dryRun: true) with { IsVerifiedOnly = true };

        var own = await visitor.Grain.DecideAsync(careful);
        Assert.Empty(own.Decision!.Items);
        Assert.Equal("welcome", await visitor.ActionsAsync("q", dryRun: true));

        await visitor.Grain.ConfirmAsync();
        Assert.Equal("welcome", Assert.Single((await visitor.Grain.DecideAsync(careful with { MinSequence = 1 })).Decision!.Items).Action);
        Assert.Empty((await visitor.Grain.VerifyAsync()).Differences);
    }

    [Fact]
    public async Task A_visitor_who_became_another_visitor_and_then_a_user_is_that_user()
    {
        var ann = await engine.CustomerAsync();
        var (first, second) = (Visitor(ann, "a"), Visitor(ann, "b"));
        await first.RecordAsync(first.Viewed("1"));
        await second.RecordAsync(second.Viewed("2"));

        await LinkAsync(first, second);
        await LinkAsync(second, ann);
        await first.RecordAsync(first.Viewed("3"));

        Assert.Equal(ann.Key, (await first.Grain.ResolveAsync()).Customer);
        Assert.Equal(["2", "1", "3"], await OwnIdsAsync(ann));
        Assert.Equal([second.Key, first.Key], (await ann.Grain.ViewAsync(new ViewRequest())).Identities);
    }

    [Fact]
    public async Task Who_is_linked_stays_there_whoever_else_claims_it()
    {
        var ann = await engine.CustomerAsync();
        var (bob, visitor) = (engine.Customer(ann.Key.Tenant, "bob"), Visitor(ann, "a"));
        await visitor.RecordAsync(visitor.Viewed("a1"));

        var statuses = await Task.WhenAll(LinkAsync(visitor, ann), LinkAsync(visitor, bob));

        Assert.Equal([LinkStatus.Linked, LinkStatus.Moved], statuses.Order());
        var (winner, loser) = statuses[0] == LinkStatus.Linked ? (ann, bob) : (bob, ann);
        Assert.Equal(["a1"], await OwnIdsAsync(winner));
        Assert.Empty((await engine.Store.ReadAsync(loser.Key)).Events);
    }

    [Fact]
    public async Task A_customer_has_64_further_identities_and_no_more_however_many_come_at_once()
    {
        var ann = await engine.CustomerAsync();
        var visitors = Enumerable.Range(0, 70).Select(i => Visitor(ann, $"a{i}")).ToArray();

        var statuses = await Task.WhenAll(visitors.Select(visitor => LinkAsync(visitor, ann)));

        Assert.Equal(Limits.IdentitiesPerCustomerMax, statuses.Count(status => status == LinkStatus.Linked));
        Assert.Equal(6, statuses.Count(status => status == LinkStatus.Full));
        var identities = (await ann.Grain.ViewAsync(new ViewRequest())).Identities;
        Assert.Equal(visitors.Where((_, i) => statuses[i] == LinkStatus.Linked).Select(visitor => visitor.Key).ToHashSet(), identities.ToHashSet());
        Assert.All(visitors.Where((_, i) => statuses[i] == LinkStatus.Full), visitor => Assert.Equal(visitor.Key, Resolve(visitor)));

        CustomerKey Resolve(TestCustomer visitor) => visitor.Grain.ResolveAsync().AsTask().GetAwaiter().GetResult().Customer;
    }

    [Fact]
    public async Task A_way_of_too_many_moves_is_not_made()
    {
        var ann = await engine.CustomerAsync();
        var visitors = Enumerable.Range(0, 5).Select(i => Visitor(ann, $"a{i}")).ToArray();
        for (var i = 0; i + 1 < visitors.Length; i++)
        {
            Assert.Equal(LinkStatus.Linked, await LinkAsync(visitors[i], visitors[i + 1]));
        }

        Assert.Equal(LinkStatus.TooFar, await LinkAsync(visitors[^1], ann));
        Assert.Equal(visitors[^1].Key, (await visitors[0].Grain.ResolveAsync()).Customer);
    }

    [Fact]
    public async Task Identities_that_events_name_are_said_to_be_unlinked_until_they_are()
    {
        var ann = await engine.CustomerAsync();
        var visitor = Visitor(ann, "a");
        var first = new RecordRequest([ann.Viewed("1")]) { Identities = [visitor.Key], IsLinkFirst = true };

        var refused = await ann.Grain.RecordAsync(first);
        Assert.Equal([visitor.Key], refused.Unlinked);
        Assert.Empty(refused.Outcomes);

        var recorded = await ann.Grain.RecordAsync(first with { IsLinkFirst = false });
        Assert.Equal([visitor.Key], recorded.Unlinked);
        Assert.Equal([Applied], RecordTests.Statuses(recorded));

        await LinkAsync(visitor, ann);
        var after = await visitor.Grain.RecordAsync(new([ann.Viewed("2")]) { Identities = [visitor.Key], IsLinkFirst = true });
        Assert.Empty(after.Unlinked);
        Assert.Equal([Applied], RecordTests.Statuses(after));
    }

    [Fact]
    public async Task A_linked_identity_is_not_listed_as_a_customer()
    {
        var ann = await engine.CustomerAsync();
        var (linked, other) = (Visitor(ann, "a"), Visitor(ann, "b"));
        await linked.RecordAsync(linked.Viewed("1"));
        await other.RecordAsync(other.Viewed("2"));
        await LinkAsync(linked, ann);

        var listed = new List<CustomerKey>();
        var page = new CustomerPage([], "", []);
        do
        {
            page = await engine.Grains.GetGrain<ICustomerDirectoryGrain>(ann.Key.Tenant).PageAsync(new([], 1, page.After, IncludeAnonymous: true));
            listed.AddRange(page.Customers.Select(row => row.Customer));
        }
        while (page.After.Length > 0);

        Assert.Equal(new[] { other.Key, ann.Key }.ToHashSet(), listed.ToHashSet());
        Assert.Equal(2, listed.Count);
    }

    [Fact]
    public async Task A_linked_identity_that_is_woken_all_the_same_has_no_place_in_the_due_table_after_it()
    {
        var ann = await engine.CustomerAsync();
        var visitor = Visitor(ann, "a");
        await visitor.RecordAsync(visitor.Viewed("1"));
        await LinkAsync(visitor, ann);
        var events = (await engine.Store.ReadAsync(visitor.Key)).Events;
        await engine.Store.Due.SpreadAsync(new(ann.Key.Tenant, 99, engine.Clock.Now, TimeSpan.FromSeconds(1), TimeSpan.Zero), default);
        var row = (await engine.Store.ReadAsync(visitor.Key)).DueAt;
        Assert.NotNull(row);

        Assert.Equal(0, await visitor.Grain.WakeAsync(row.Value));

        var after = await engine.Store.ReadAsync(visitor.Key);
        Assert.Null(after.DueAt);
        Assert.Equal(events.Length, after.Events.Length);
    }

    internal static TestCustomer Visitor(TestEngine engine, TestCustomer of, string id) => new(engine, CustomerKey.Anonymous(of.Key.Tenant, id));

    internal static Task<LinkStatus> LinkAsync(TestCustomer from, TestCustomer to, bool isVerified = true) =>
        from.Grain.LinkAsync(new(to.Key, isVerified));

    private TestCustomer Visitor(TestCustomer of, string id) => Visitor(engine, of, id);

    private async Task<ImmutableArray<string>> OwnIdsAsync(TestCustomer customer) =>
        [.. (await engine.Store.ReadAsync(customer.Key)).Events.Where(Linking.IsCarried).Select(e => e.MessageId)];
}
