using Decisioning.Engine.Actions;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;
using NodaTime;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>How customers are reached: touch, quiet hours, preferences, send times, locales. Noon in UTC is 13:00 in Berlin.</summary>
public sealed class ReachTests
{
    [Theory]
    [InlineData(9, "high", "web-hero:people web-hero:all", "")]
    [InlineData(5, "low", "web-hero:all", "people:ContactPolicy")]
    [InlineData(1, "", "web-hero:all", "people:ContactPolicy")]
    public void Touch_is_the_first_mode_that_holds_and_restricts_what_is_for_others(int x, string touch, string offered, string dropped)
    {
        var strategy = new StrategyBuilder().Action("people", value: 2).With(a => a with { Touch = TouchModes.High }).Action("all").Build() with
        {
            Touch = [Touch(TouchModes.High, "profile.x > 7"), Touch(TouchModes.Low, "profile.x > 3")],
        };
        var decision = strategy.Decide(Asking.Request(max: 2), Known(("x", Value.Of(x))));

        Assert.Equal((touch, offered, dropped), (decision.Touch, string.Join(' ', decision.Items.Select(item => $"{item.Treatment}:{item.Action}")), decision.Dropped()));
        var why = touch.Length == 0 ? "the customer has none" : "the customer's is `low`";
        Assert.All(decision.Verdicts, verdict => Assert.Equal(("issues.issue.group.people.touch", $"for the touch `high` only, and {why}"), (verdict.Rule, verdict.Reason)));
    }

    [Fact]
    public void Touch_with_channels_lets_no_other_channel_through()
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "agent/desk web/hero").Action("b", treatments: "agent/desk").Build() with
        {
            Touch = [Touch(TouchModes.Tech, "profile.x > 0") with { Channels = ["web", "email"] }],
        };
        var decision = strategy.Decide(Asking.Request(max: 2), Known(("x", Value.Of(1))));

        Assert.Equal("hero:a", decision.Chosen());
        var verdict = Assert.Single(decision.Verdicts);
        Assert.Equal(("touch.tech.channels", "`agent` is no channel of the touch `tech`: those are `web`, `email`"), (verdict.Rule, verdict.Reason));
        Assert.Equal("desk:a desk:b", strategy.Decide(Asking.Request(max: 2)).Chosen());
    }

    [Fact]
    public void Quiet_hours_rest_their_channels_and_say_until_when()
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "email/inbox").Action("b", treatments: "web/hero").Build() with { QuietHours = [Quiet(12, 18)] };
        var state = Known(("timezone", Value.Of("Europe/Berlin")));
        var decision = strategy.Decide(Asking.Request(max: 2), state);

        Assert.Equal("hero:b", decision.Chosen());
        var verdict = Assert.Single(decision.Verdicts);
        Assert.Equal(
            (FunnelStage.ContactPolicy, "contact.quiet_hours", "quiet hours on `email` from 12:00 to 18:00, and it is 13:00 where the customer is", Asking.Noon.AddHours(5)),
            (verdict.Stage, verdict.Rule, verdict.Reason, verdict.AllowedAgainAt));
        Assert.Equal("hero:b", strategy.Decide(Asking.Request(max: 2), state, now: verdict.AllowedAgainAt!.Value.AddTicks(-1)).Chosen());
        Assert.Equal("inbox:a hero:b", strategy.Decide(Asking.Request(max: 2), state, now: verdict.AllowedAgainAt).Chosen());
    }

    [Fact]
    public void Cap_that_opens_in_quiet_hours_lets_through_when_they_end()
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "email/inbox").Cap(CapScope.All, 1, 1).Build() with { QuietHours = [Quiet(10, 14)] };
        var state = Asking.Contacted(Asking.Contact(Asking.Noon.AddHours(-1)));
        var verdict = Assert.Single(strategy.Decide(state: state, now: Asking.Noon.AddHours(3)).Verdicts);
        Assert.Equal(Asking.Noon.AddDays(1).AddHours(2), verdict.AllowedAgainAt);
    }

    [Fact]
    public void What_is_not_valid_any_more_by_then_is_never_allowed_again()
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "email/inbox", until: Asking.Noon.AddHours(1)).Build() with { QuietHours = [Quiet(10, 14)] };
        Assert.Null(Assert.Single(strategy.Decide().Verdicts).AllowedAgainAt);
    }

    [Theory]
    [InlineData("8", 19)]
    [InlineData("13", 0)]
    [InlineData("15", 2)]
    [InlineData("now + duration(\"3h\")", 3)]
    [InlineData("now - duration(\"3h\")", 0)]
    [InlineData("21", 18)]
    [InlineData("profile.nothing", null)]
    [InlineData("99", null)]
    public void Treatment_is_sent_at_its_time_after_quiet_hours(string at, int? hours)
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "email/inbox").With(a => a with { Treatments = [a.Treatments[0] with { At = At(at) }] }).Build() with
        {
            QuietHours = [Quiet(20, 7)],
        };
        var item = Assert.Single(strategy.Decide(state: Known(("timezone", Value.Of("Europe/Berlin")))).Items);

        Assert.Equal(hours is { } later ? Asking.Noon.AddHours(later) : null, item.SendAt);
        Assert.Equal(Asking.Noon.AddDays(1).AddHours(hours ?? 0), item.ExpiresAt);
    }

    [Theory]
    [InlineData("now + duration(\"2161h\")", "it would be sent at 2027-02-07T13:00Z, more than 90d from now")]
    [InlineData("now + duration(\"49h\")", "it would be sent at 2026-11-11T13:00Z and is valid until 2026-11-11T12:00Z")]
    public void Treatment_that_would_be_sent_too_late_is_not_offered(string at, string reason)
    {
        var until = reason.Contains("valid", StringComparison.Ordinal) ? Asking.Noon.AddDays(2) : (DateTimeOffset?)null;
        var strategy = new StrategyBuilder().Action("a", until: until).With(a => a with { Treatments = [a.Treatments[0] with { At = At(at) }] }).Build();
        var verdict = Assert.Single(strategy.Decide().Verdicts);
        Assert.Equal((FunnelStage.ContactPolicy, "at", reason), (verdict.Stage, verdict.Rule, verdict.Reason));
        Assert.Null(verdict.AllowedAgainAt);
    }

    [Fact]
    public void Preferred_channel_goes_first_and_weighs_and_falls_back_when_it_is_used_up()
    {
        var strategy = new StrategyBuilder().Action("a", treatments: "app/home email/inbox").Action("b", value: 1.5, treatments: "app/home").Cap(CapScope.All, 1, 7, "email").Build() with
        {
            Preference = new(StrategyBuilder.Expression("profile.likes", CelType.String), null, 2),
        };

        var likes = strategy.Decide(Asking.Request(max: 2), Known(("likes", Value.Of("email"))));
        Assert.Equal("inbox:a home:b", likes.Chosen());
        Assert.Equal((2d, 2d), (likes.Items[0].ContextWeight, likes.Items[0].Priority));

        var used = strategy.Decide(Asking.Request(max: 2), Known(("likes", Value.Of("email"))) with { Contacts = [Asking.Contact(Asking.Noon, channel: "email")] });
        Assert.Equal("home:b home:a", used.Chosen());
        Assert.Equal("home:b home:a", strategy.Decide(Asking.Request(max: 2)).Chosen());
    }

    [Fact]
    public void Preferred_hour_is_for_outbound_treatments_that_say_no_time()
    {
        var strategy = new StrategyBuilder().Action("mail", treatments: "email/inbox").Action("page", treatments: "web/hero").Build() with { Preference = new(null, At("18"), 1) };
        var items = strategy.Decide(Asking.Request(max: 2)).Items;
        Assert.Equal([("mail", (DateTimeOffset?)Asking.Noon.AddHours(6)), ("page", null)], items.Select(item => (item.Action, item.SendAt)));
    }

    [Theory]
    [InlineData("de-AT", "web-hero-de-AT")]
    [InlineData("de_at", "web-hero-de-AT")]
    [InlineData("de-CH", "web-hero-de")]
    [InlineData("de", "web-hero-de")]
    [InlineData("dex", "web-hero")]
    [InlineData("fr", "web-hero")]
    [InlineData(null, "web-hero-en")]
    public void Treatment_in_the_narrowest_locale_the_customer_reads_is_taken(string? locale, string treatment)
    {
        var strategy = new StrategyBuilder().Action("a").With(a => a with { Treatments = [a.Treatments[0], In(a, "de"), In(a, "de-AT"), In(a, "en")] }).Build();
        Assert.Equal(treatment, Assert.Single(strategy.Decide(state: Known(("locale", Value.Of(locale)))).Items).Treatment);
    }

    [Fact]
    public void Action_without_a_treatment_the_customer_can_read_is_not_eligible()
    {
        var strategy = new StrategyBuilder().Action("a").With(a => a with { Treatments = [In(a, "de"), In(a, "vi")] }).Build();
        var verdict = Assert.Single(strategy.Decide(state: Known(("language", Value.Of("fr")))).Verdicts);
        Assert.Equal(
            (FunnelStage.Eligibility, "issues.issue.group.a.treatments", "no treatment in the customer's locale `fr`: there are `de`, `vi`"),
            (verdict.Stage, verdict.Rule, verdict.Reason));
    }

    private static Treatment In(ActionDefinition action, string locale) => action.Treatments[0] with { Name = $"web-hero-{locale}", Locale = locale };

    private static CustomerState Known(params ReadOnlySpan<(string Name, Value Value)> profile) => CustomerState.Empty with { Profile = PropertyMap.Of(profile) };

    private static TouchRule Touch(TouchModes mode, string when) => new(mode, StrategyBuilder.Condition("touch", when)!, []);

    private static QuietHours Quiet(int from, int until) => new("contact.quiet_hours", new LocalTime(from, 0), new LocalTime(until, 0), OutboundChannels.All);

    private static SendTime At(string text) => new("at", StrategyBuilder.Expression(text, CelType.Dyn));
}
