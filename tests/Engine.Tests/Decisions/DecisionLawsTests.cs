using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class DecisionLawsTests
{
    private const int Steps = 400;

    public static TheoryData<int> Seeds { get; } = [1, 2, 3, 4, 5];

    [Theory, MemberData(nameof(Seeds))]
    public void Decision_equals_the_naive_one(int seed)
    {
        var random = new RandomDecisions(seed);
        var (items, sent) = (0, 0);
        for (var step = 0; step < Steps; step++)
        {
            var strategy = random.Strategy();
            var (state, offers, request) = (random.Customer(strategy), random.Offers(strategy), random.Request());
            var hooks = random.Hooks();
            var decision = strategy.Decide(request, state, offers, hooks: hooks);

            var expected = new NaiveDecider(state, offers, strategy, request, Asking.Noon, hooks).Choose();
            var actual = string.Join(' ', decision.Items.Select(item => NaiveDecider.Text(
                strategy.FindAction(item.Action)!.Treatments.Single(treatment => treatment.Name == item.Treatment), item.Action, item.SendAt)));
            Assert.True(expected == actual, $"seed {seed}, step {step}: expected `{expected}`, got `{actual}`");
            (items, sent) = (items + decision.Items.Length, sent + decision.Items.Count(item => item.SendAt is not null));
        }

        Assert.True(items > Steps / 3 && sent > 5, $"seed {seed}: only {items} items, {sent} of them sent later");
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Repeated_decision_is_the_same_decision_whatever_the_thread_did_in_between(int seed)
    {
        var random = new RandomDecisions(seed);
        for (var step = 0; step < Steps; step++)
        {
            var strategy = random.Strategy();
            var (state, offers, request) = (random.Customer(strategy), random.Offers(strategy), random.Request());
            var first = Text(strategy.Decide(request, state, offers));

            strategy.Decide(random.Request(), random.Customer(strategy), random.Offers(strategy));
            Assert.True(first == Text(strategy.Decide(request, state, offers)), $"seed {seed}, step {step}: after another customer");

            var other = random.Strategy();
            other.Decide(random.Request(), random.Customer(other));
            Assert.True(first == Text(strategy.Decide(request, state, offers)), $"seed {seed}, step {step}: after another strategy");
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void More_suppressions_never_add_an_action(int seed)
    {
        var random = new RandomDecisions(seed);
        for (var step = 0; step < Steps; step++)
        {
            // Caps on single actions: where actions share a cap, resting one makes room for another, as it should.
            var strategy = random.Strategy(sharedCaps: false, fallbacks: false, bonds: false);
            var (state, offers, request) = (random.Customer(strategy), OpenOffers.Empty, random.Request(max: Limits.DecisionItemsMax));
            var before = Actions(strategy.Decide(request, state, offers));

            // Of a decision of its own: an impression reported late may tell that an earlier answer's was longer ago than thought.
            Shrinks("a contact", Actions(strategy.Decide(request, state with { Contacts = state.Contacts.Add(random.Contact(strategy) with { DecisionId = "another" }) }, offers)));
            Shrinks("a refusal", Actions(strategy.Decide(request, state with { Consents = state.Consents.Add(new("marketing", "any", ConsentStatus.Denied, Asking.Noon, "")) }, offers)));
            Shrinks("a cap", Actions((strategy with { Caps = strategy.Caps.Add(new("new", Outcome.Impression, CapScope.Action, null, 1, TimeSpan.FromDays(2))) }).Decide(request, state, offers)));
            Shrinks("open offers", Actions(strategy.Decide(request, state, random.Offers(strategy))));

            void Shrinks(string suppression, HashSet<string> after) =>
                Assert.True(after.IsSubsetOf(before), $"seed {seed}, step {step}: {suppression} added {string.Join(' ', after.Except(before))}");
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Fewer_items_are_the_beginning_of_more_where_caps_do_not_bind(int seed)
    {
        var random = new RandomDecisions(seed);
        for (var step = 0; step < Steps; step++)
        {
            var strategy = random.Strategy(bonds: false) with { Caps = [] };
            var (state, request) = (random.Customer(strategy), random.Request() with { Placements = [], Containers = [] });
            var fewer = strategy.Decide(request, state).Items.Select(item => item.Action).ToList();
            var more = strategy.Decide(request with { MaxItems = request.MaxItems + 1 }, state).Items.Select(item => item.Action).ToList();
            Assert.True(more.Take(fewer.Count).SequenceEqual(fewer), $"seed {seed}, step {step}: {string.Join(' ', fewer)} / {string.Join(' ', more)}");
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Every_candidate_is_chosen_or_has_a_verdict_with_a_reason_in_the_strategys_order(int seed)
    {
        var random = new RandomDecisions(seed);
        for (var step = 0; step < Steps; step++)
        {
            var strategy = random.Strategy();
            var request = random.Request() with { Explain = ExplainLevel.Summary, Containers = [] };
            var decision = strategy.Decide(request, random.Customer(strategy), random.Offers(strategy), hooks: random.Hooks());

            var candidates = strategy.Actions.Where(action => action.Treatments.Any(treatment =>
                (request.Channel.Length == 0 || treatment.Channel == request.Channel)
                && (request.Placements.IsEmpty || request.Placements.Contains(treatment.Placement))));
            var left = candidates.Select(action => action.Name).Except(decision.Items.Select(item => item.Action));
            Assert.True(left.SequenceEqual(decision.Verdicts.Select(verdict => verdict.Action)), $"seed {seed}, step {step}");
            Assert.All(decision.Verdicts, verdict => Assert.True(
                verdict.Stage != FunnelStage.Chosen && verdict.Rule.Length > 0 && verdict.Reason.Length > 0, $"seed {seed}, step {step}: {verdict}"));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Action_is_allowed_again_at_the_instant_its_verdict_says(int seed)
    {
        var random = new RandomDecisions(seed);
        var seen = 0;
        for (var step = 0; step < Steps; step++)
        {
            // Asked alone, so that only time can bring it back.
            var strategy = random.Strategy(fallbacks: false, bonds: false);
            strategy = strategy with { Actions = [strategy.Actions[0] with { ValidUntil = null }] };
            var (state, offers) = (random.Customer(strategy), random.Offers(strategy));
            var request = random.Request(max: 1) with { Explain = ExplainLevel.Summary };
            if (strategy.Decide(request, state, offers).Verdicts is [{ Stage: FunnelStage.ContactPolicy, AllowedAgainAt: { } again }])
            {
                seen++;
                Assert.True(strategy.Decide(request, state, offers, again.AddTicks(-1)).Items.IsEmpty, $"seed {seed}, step {step}: earlier already");
                Assert.True(strategy.Decide(request, state, offers, again).Items.Length == 1, $"seed {seed}, step {step}: not then");
            }
        }

        Assert.True(seen > 5, $"seed {seed}: only {seen}");
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Offers_of_one_decision_stand_beside_each_other(int seed)
    {
        var random = new RandomDecisions(seed);
        var bound = 0;
        for (var step = 0; step < Steps; step++)
        {
            var strategy = random.Strategy();
            var decision = strategy.Decide(random.Request(max: 5), random.Customer(strategy), random.Offers(strategy), hooks: random.Hooks());
            var offered = decision.Items.Select(item => strategy.FindAction(item.Action)!).ToList();
            bound += offered.Count(action => !action.Bundle.IsEmpty);

            var row = $"seed {seed}, step {step}";
            Assert.True(offered.Where(action => action.Exclusive is not null).CountBy(action => action.Exclusive!).All(count => count.Value == 1), $"{row}: exclusive");
            Assert.True(offered.All(action => action.Bundle.All(member => offered.Exists(other => other.Index == member))), $"{row}: bundle");
            Assert.All(decision.Items.Where(item => item.Bundle.Length > 0), item => Assert.Contains(decision.Items, leader => leader.Action == item.Bundle && leader.Bundle == item.Bundle));
        }

        Assert.True(bound > 2, $"seed {seed}: only {bound}");
    }

    private static HashSet<string> Actions(Decision decision) => [.. decision.Items.Select(item => item.Action)];

    private static string Text(Decision decision) => string.Join('\n', [
        $"{decision with { Items = [], Verdicts = [], Rules = [] }}",
        .. decision.Items.Select(item => $"{item} {string.Join(' ', item.Reasons)}"),
        .. decision.Verdicts.Select(verdict => $"{verdict}"),
        .. decision.Rules.Select(rule => $"{rule} {string.Join(' ', rule.Layers)}"),
    ]);
}
