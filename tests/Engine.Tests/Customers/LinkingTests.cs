using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Customers;

public sealed class LinkingTests
{
    private static readonly CustomerKey _user = CustomerKey.User("t", "ann");
    private static readonly CustomerKey _visitor = CustomerKey.Anonymous("t", "a1");

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Fact]
    public void Identities_move_one_way_only_so_that_no_moves_go_in_a_circle()
    {
        CustomerKey[] all =
        [
            _user, CustomerKey.User("t", "bob"), _visitor, CustomerKey.Anonymous("t", "b"), CustomerKey.Anonymous("t", "zz"),
            CustomerKey.External("t", "crm", "1"), CustomerKey.External("t", "ga", "0"),
        ];

        foreach (var one in all)
        {
            Assert.False(Linking.MayMove(one, one));
            foreach (var other in all.Where(other => other != one))
            {
                Assert.True(one.IsUser && other.IsUser ? !Linking.MayMove(one, other) : Linking.MayMove(one, other) != Linking.MayMove(other, one));
                Assert.All(all.Where(third => Linking.MayMove(one, other) && Linking.MayMove(other, third)), third => Assert.True(Linking.MayMove(one, third)));
            }
        }

        Assert.All(all, to => Assert.False(Linking.MayMove(CustomerKey.Anonymous("u", "a"), to)));
    }

    [Fact]
    public void A_move_is_remembered_with_who_said_so_and_whether_it_is_done()
    {
        var state = CustomerState.Empty.Record(RandomHistory.Strategy, Linking.Moved(_user, isVerified: false, History.Start)).Next;
        Assert.Equal(new IdentityMove(_user, IsVerified: false, IsDone: false), state.MovedTo);

        state = state.Record(RandomHistory.Strategy, Linking.CarriedOver(_user, History.Start), Linking.Moved(_user, isVerified: true, History.Start)).Next;
        Assert.Equal(new IdentityMove(_user, IsVerified: true, IsDone: true), state.MovedTo);
    }

    [Fact]
    public void The_first_move_stands_whatever_is_said_later()
    {
        var state = CustomerState.Empty.Record(
            RandomHistory.Strategy,
            Linking.Moved(_user, isVerified: false, History.Start),
            Linking.Moved(CustomerKey.User("t", "bob"), isVerified: true, History.Start)).Next;

        Assert.Equal(new IdentityMove(_user, IsVerified: false, IsDone: false), state.MovedTo);
    }

    [Fact]
    public void An_identity_is_announced_first_and_linked_when_its_events_have_come()
    {
        var state = CustomerState.Empty.Record(RandomHistory.Strategy, Linking.Announced(_visitor, 2, History.Start)).Next;
        Assert.Equal([new LinkedIdentity(_visitor, History.Start, 2, IsDone: false)], state.Identities);

        state = state.Record(RandomHistory.Strategy, Linking.Linked(_visitor, 2, History.Start.AddHours(1))).Next;
        Assert.Equal([new LinkedIdentity(_visitor, History.Start, 2, IsDone: true)], state.Identities);
        Assert.Equal(2, Linking.HopsTo(state));
    }

    [Fact]
    public void The_oldest_identities_stay_when_there_are_too_many()
    {
        var events = Enumerable.Range(0, 70).Select(i => Linking.Linked(CustomerKey.Anonymous("t", $"a{i}"), 1, History.Start)).ToArray();

        var state = CustomerState.Empty.Record(RandomHistory.Strategy, events).Next;

        Assert.Equal(Enumerable.Range(0, Limits.IdentitiesPerCustomerMax).Select(i => $"a{i}"), state.Identities.Select(identity => identity.Key.Id));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Links_among_the_events_change_nothing_else_of_a_customer(int seed)
    {
        var without = RandomHistory.Events(seed, 120).Where(e => e.Type != EventType.Link).ToList();
        var random = new Random(seed);
        List<CustomerEvent> with = [.. without];
        for (var i = 0; i < 5; i++)
        {
            with.Insert(random.Next(with.Count + 1), Linking.Linked(CustomerKey.Anonymous("t", $"b{i}"), 1, History.Start));
        }

        var (plain, linked) = (History.Fold(RandomHistory.Strategy, without), History.Fold(RandomHistory.Strategy, with));

        // What was the last of two at one instant is kept by sequence: features are compared by what they read.
        Assert.Equal(5, linked.Identities.Length);
        Assert.Equal(FoldLawTests.FeaturesAt(plain, 1), FoldLawTests.FeaturesAt(linked, 1));
        Assert.Equal(
            History.Describe(plain with { Features = linked.Features }),
            History.Describe(linked with { Identities = [], Sequence = plain.Sequence, Seen = plain.Seen, UpdatedAt = plain.UpdatedAt }));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Events_carried_over_make_the_state_they_made_and_their_repeats_stay_repeats(int seed)
    {
        var events = RandomHistory.Events(seed, 60).Where(Linking.IsCarried).ToArray();
        var now = History.Start.AddYears(1);
        var source = Recorder.Plan(CustomerState.Empty, [.. events], RandomHistory.Strategy, now);

        var carried = Recorder.Plan(
            CustomerState.Empty,
            [.. source.Accepted.Select(recorded => recorded.Event)],
            RandomHistory.Strategy,
            now,
            hashes: [.. source.Accepted.Select(recorded => recorded.ContentHash)]);

        Assert.Equal(History.Describe(source.Next), History.Describe(carried.Next));
        Assert.Equal(source.Accepted.Select(recorded => recorded.ContentHash), carried.Accepted.Select(recorded => recorded.ContentHash));
    }

    [Fact]
    public void A_response_that_the_strategy_placed_stays_a_repeat_after_it_was_carried_over()
    {
        var strategy = StrategyCompiler.Compile(SampleStrategies.Read("retail"), 1).Strategy!;
        var sent = new CustomerEvent(
            "r", EventType.Response, "", History.Start, History.Start, PropertyMap.Empty, PropertyMap.Empty,
            new("", "", "", strategy.Actions[0].Name, "", "", "", Outcome.Clicked, Behaviour.Positive, 0));
        var source = CustomerState.Empty.Record(strategy, sent);
        Assert.NotEqual(Recorder.ContentHash(source.Accepted[0].Event), source.Accepted[0].ContentHash);

        var target = Recorder.Plan(
            CustomerState.Empty, [source.Accepted[0].Event], strategy, History.Start, hashes: [source.Accepted[0].ContentHash]).Next;

        Assert.Equal(RecordStatus.Duplicate, target.Record(strategy, sent).Outcomes[0].Status);
    }

    [Theory]
    [InlineData(EventType.Track, EventNames.IdentityLinked, "m")]
    [InlineData(EventType.Track, EventNames.IdentityMoved, "m")]
    [InlineData(EventType.Track, EventNames.IdentityAnnounced, "m")]
    [InlineData(EventType.Track, EventNames.IdentityCarriedOver, "m")]
    [InlineData(EventType.Track, "Product Viewed", "identity-link-moved-1")]
    [InlineData(EventType.Link, "Product Viewed", "identity-link-moved-1")]
    public void No_caller_can_send_what_the_engine_says_of_identities(EventType type, string name, string id)
    {
        var sent = new CustomerEvent(id, type, name, History.Start, History.Start, PropertyMap.Empty, PropertyMap.Empty);

        Assert.Equal(RecordStatus.Rejected, CustomerState.Empty.Record(RandomHistory.Strategy, sent).Outcomes[0].Status);
    }

    [Fact]
    public void What_an_identity_says_again_after_a_crash_is_a_repeat()
    {
        Func<DateTimeOffset, ImmutableArray<CustomerEvent>> said = now =>
            [Linking.Announced(_visitor, 1, now), Linking.Linked(_visitor, 1, now), Linking.Moved(_user, true, now), Linking.CarriedOver(_user, now)];
        var once = CustomerState.Empty.Record(RandomHistory.Strategy, [.. said(History.Start)]);

        var again = once.Next.Record(RandomHistory.Strategy, [.. said(History.Start.AddMinutes(3))]);

        Assert.All(once.Outcomes, outcome => Assert.Equal(RecordStatus.Applied, outcome.Status));
        Assert.All(again.Outcomes, outcome => Assert.Equal(RecordStatus.Duplicate, outcome.Status));
    }

    [Theory]
    [InlineData("crm", true)]
    [InlineData("ga_client_id", true)]
    [InlineData("", false)]
    [InlineData("CRM", false)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a2345678901234567890123456789012x", false)]
    public void A_namespace_cannot_make_one_external_id_look_like_another(string text, bool isNamespace) => Assert.Equal(isNamespace, CustomerKey.IsNamespace(text));
}
