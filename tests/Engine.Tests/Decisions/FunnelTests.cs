using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>
/// One action that everything may speak against. Each row takes the obstacles away one by one, so that the first that is left in the
/// declared order gives the verdict.
/// </summary>
public sealed class FunnelTests
{
    private static readonly FunnelStage[] NotBuiltYet = [FunnelStage.Budget, FunnelStage.Experiment];

    /// <summary>What the customer has: each of age, in-market, nps, consent, rested, and no rival takes one obstacle away.</summary>
    public static TheoryData<string, FunnelStage, string, string> Rows { get; } = new()
    {
        {
            "", FunnelStage.Eligibility, "issues.issue.group.loan.eligible",
            "`profile.age >= 18` does not hold"
        },
        {
            "age", FunnelStage.Applicability, "issues.issue.group.loan.applicable",
            "`profile.in_market == true` does not hold"
        },
        {
            "age market", FunnelStage.Suitability, "issues.issue.group.loan.suitable",
            "`profile.nps > 4` does not hold"
        },
        {
            "age market nps", FunnelStage.Consent, "consent.marketing.web",
            "no consent for `marketing` on `web`"
        },
        {
            "age market nps consent", FunnelStage.ContactPolicy, "contact.caps[0]",
            "at most 2 impressions on `web` within 7d: 2 since 2026-11-08T12:00Z"
        },
        {
            "age market nps consent rested", FunnelStage.Arbitration, "arbitration.priority",
            "the last of the list is `rival` with priority 2"
        },
        {
            "age market nps consent rested alone", FunnelStage.Chosen, "", ""
        },
    };

    [Theory, MemberData(nameof(Rows))]
    public void Verdict_is_the_first_stage_that_drops_the_action(string has, FunnelStage stage, string rule, string reason)
    {
        var decision = Strategy(has).Decide(state: Customer(has));

        if (stage == FunnelStage.Chosen)
        {
            Assert.Equal("hero:loan", decision.Chosen());
            Assert.Empty(decision.Verdicts);
            return;
        }

        var verdict = Assert.Single(decision.Verdicts, verdict => verdict.Action == "loan");
        Assert.Equal((stage, rule, reason), (verdict.Stage, verdict.Rule, verdict.Reason));
        Assert.DoesNotContain(decision.Items, item => item.Action == "loan");
    }

    [Fact]
    public void Every_stage_has_a_row_in_declared_order() =>
        Assert.Equal(
            Enum.GetValues<FunnelStage>().Except(NotBuiltYet).OrderBy(stage => stage == FunnelStage.Chosen).ThenBy(stage => stage),
            Rows.Select(row => row.Data.Item2));

    [Theory]
    [InlineData("profile.age >= 18", "`profile.age >= 18` cannot be told: ")]
    [InlineData("profile.name == 'x'", "`profile.name == 'x'` does not hold")]
    public void Condition_that_cannot_be_told_does_not_let_through(string eligible, string reason)
    {
        var verdict = Assert.Single(new StrategyBuilder().Action("a", eligible: eligible).Build().Decide(state: Profile(("name", Value.Of("y")))).Verdicts);
        Assert.Equal(FunnelStage.Eligibility, verdict.Stage);
        Assert.StartsWith(reason, verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Full_explanation_says_what_the_condition_saw()
    {
        var strategy = new StrategyBuilder().Action("a", eligible: "profile.age >= 18").Build();
        var state = Profile(("age", Value.Of(17)));

        var full = Assert.Single(strategy.Decide(Asking.Request(explain: ExplainLevel.Full), state).Verdicts);
        Assert.Equal("`profile.age >= 18` does not hold: profile.age is 17", full.Reason);
        Assert.Equal(PropertyMap.Of(("profile.age", Value.Of(17))), full.Seen);

        var summary = Assert.Single(strategy.Decide(Asking.Request(), state).Verdicts);
        Assert.Equal("`profile.age >= 18` does not hold", summary.Reason);
        Assert.Equal(PropertyMap.Empty, summary.Seen);
    }

    [Fact]
    public void Nothing_is_explained_when_nothing_is_asked()
    {
        var decision = new StrategyBuilder()
            .Action("a", eligible: "profile.age >= 18").Action("b", applicable: "profile.age < 18").Offer("r", "b", 2, "profile.age < 18").Build()
            .Decide(Asking.Request(explain: ExplainLevel.None), Profile(("age", Value.Of(17))));

        Assert.Equal("hero:b", decision.Chosen());
        Assert.True(decision.Verdicts.IsEmpty && decision.Rules.IsEmpty && decision.Stages.IsEmpty && decision.Segments.IsEmpty && decision.Tags.IsEmpty);
        Assert.Empty(decision.Items[0].Reasons);
    }

    [Theory]
    [InlineData(-1, true, "valid from 2026-11-09T12:00Z")]
    [InlineData(0, false, "")]
    [InlineData(59, false, "")]
    [InlineData(60, true, "valid until 2026-11-09T13:00Z")]
    public void Action_is_offered_only_while_it_is_valid(int minutes, bool dropped, string reason)
    {
        var decision = new StrategyBuilder().Action("a", from: Asking.Noon, until: Asking.Noon.AddHours(1)).Build().Decide(now: Asking.Noon.AddMinutes(minutes));

        Assert.Equal(dropped ? "a:Eligibility" : "", decision.Dropped());
        Assert.Equal(reason, dropped ? decision.Verdicts[0].Reason : "");
        Assert.Equal(minutes < 0 ? Asking.Noon : null, dropped ? decision.Verdicts[0].AllowedAgainAt : null);
        Assert.All(decision.Items, item => Assert.Equal(Asking.Noon.AddHours(1), item.ExpiresAt));
    }

    [Fact]
    public void Action_without_a_treatment_for_what_was_asked_is_no_candidate()
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "web/hero").Action("b", treatments: "email/body").Action("c", treatments: "web/side").Build();

        Assert.Equal(("hero:a", ""), Both(strategy.Decide(Asking.Request(channel: "web", placements: "hero", max: 5))));
        Assert.Equal(("body:b", ""), Both(strategy.Decide(Asking.Request(channel: "email", max: 5))));
        Assert.Equal(("side:c", ""), Both(strategy.Decide(Asking.Request(placements: "side", max: 5))));
        Assert.Equal(("", ""), Both(strategy.Decide(Asking.Request(channel: "phone", max: 5))));
        Assert.Equal(("hero:a body:b side:c", ""), Both(strategy.Decide(Asking.Request(max: 5))));

        static (string, string) Both(Decision decision) => (decision.Chosen(), decision.Dropped());
    }

    [Theory]
    [InlineData("web", "hero:a")]
    [InlineData("email", "")]
    [InlineData("", "hero:a")]
    public void Treatment_is_taken_only_where_consent_is_given(string channel, string chosen)
    {
        var strategy = new StrategyBuilder().Action("a", purpose: "marketing", treatments: "email/body web/hero").Build();
        var state = CustomerState.Empty with { Consents = [new("marketing", "web", ConsentStatus.Granted, Asking.Noon, "")] };
        Assert.Equal(chosen, strategy.Decide(Asking.Request(channel: channel), state).Chosen());
    }

    [Fact]
    public void Refused_consent_is_told_with_its_day()
    {
        var strategy = new StrategyBuilder().Action("a", purpose: "marketing", treatments: "email/body sms/text").Build();
        var state = CustomerState.Empty with { Consents = [new("marketing", "email", ConsentStatus.Revoked, Asking.Noon, "")] };
        var verdict = Assert.Single(strategy.Decide(Asking.Request(), state).Verdicts);
        Assert.Equal("consent for `marketing` on `email` was revoked at 2026-11-09T12:00Z; no consent for `marketing` on `sms`", verdict.Reason);
    }

    private static Engine.Strategies.Strategy Strategy(string has)
    {
        var builder = new StrategyBuilder()
            .Action("loan", purpose: "marketing", eligible: "profile.age >= 18", applicable: "profile.in_market == true", suitable: "profile.nps > 4")
            .Cap(CapScope.All, 2, 7, "web");
        return (has.Contains("alone", StringComparison.Ordinal) ? builder : builder.Action("rival", value: 2)).Build();
    }

    private static CustomerState Customer(string has)
    {
        var words = has.Split(' ');
        return Profile(
            ("age", Value.Of(words.Contains("age") ? 18 : 17)),
            ("in_market", Value.Of(words.Contains("market"))),
            ("nps", Value.Of(words.Contains("nps") ? 5 : 4))) with
        {
            Consents = words.Contains("consent") ? [new("marketing", "web", ConsentStatus.Granted, Asking.Noon, "")] : [],
            Contacts = words.Contains("rested") ? [] : [Asking.Contact(Asking.Noon.AddDays(-1)), Asking.Contact(Asking.Noon.AddHours(-1))],
        };
    }

    private static CustomerState Profile(params ReadOnlySpan<(string Name, Value Value)> attributes) => CustomerState.Empty with { Profile = PropertyMap.Of(attributes) };
}
