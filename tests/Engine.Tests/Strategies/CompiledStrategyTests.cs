using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>What comes of a strategy without mistakes.</summary>
public sealed class CompiledStrategyTests
{
    [Theory]
    [InlineData("{ count: Product Viewed }", FeatureKind.Count, "int", "Product Viewed")]
    [InlineData("{ count: [Product Viewed, Order Completed] }", FeatureKind.Count, "int", "Order Completed,Product Viewed")]
    [InlineData("{ count: any }", FeatureKind.Count, "int", "")]
    [InlineData("{ sum: event.price, of: Product Viewed }", FeatureKind.Sum, "double", "Product Viewed")]
    [InlineData("{ sum: event.quantity, of: Product Viewed }", FeatureKind.Sum, "double", "Product Viewed")]
    [InlineData("{ distinct: event.category, of: Product Viewed }", FeatureKind.Distinct, "int", "Product Viewed")]
    [InlineData("{ last: Product Viewed }", FeatureKind.Last, "timestamp or null", "Product Viewed")]
    [InlineData("{ first: Product Viewed }", FeatureKind.First, "timestamp or null", "Product Viewed")]
    [InlineData("{ last: event.category, of: Product Viewed }", FeatureKind.LastValue, "string or null", "Product Viewed")]
    [InlineData("{ first: event.quantity, of: Product Viewed }", FeatureKind.FirstValue, "int or null", "Product Viewed")]
    [InlineData("{ first: context.campaign.source, of: any }", FeatureKind.FirstValue, "dyn", "")]
    [InlineData("{ last: event.products, of: Order Completed }", FeatureKind.LastValue, "dyn", "Order Completed")]
    [InlineData("{ recency: Product Viewed }", FeatureKind.Recency, "duration or null", "Product Viewed")]
    public void A_feature_has_the_kind_and_type_that_its_words_say(string written, FeatureKind kind, string type, string events)
    {
        var feature = Assert.Single(Fragments.Compiled($"features: {{ a: {written} }}").Features);

        Assert.Equal((kind, type, events), (feature.Kind, feature.Type.ToString(), string.Join(',', feature.Events)));
    }

    [Theory]
    [InlineData("{ count: Product Viewed }", "{ count: [Product Viewed] }", true)]
    [InlineData("{ count: [Product Viewed, Order Completed] }", "{ count: [Order Completed, Product Viewed] }", true)]
    [InlineData("{ count: Product Viewed, within: 7d }", "{ within: 1w, count: Product Viewed }", true)]
    [InlineData("{ count: Product Viewed, where: event.price > 1.0 }", "{ count: Product Viewed, where: 'event.price > 1.0' }", true)]
    [InlineData("{ count: Product Viewed }", "{ count: Order Completed }", false)]
    [InlineData("{ count: Product Viewed }", "{ count: any }", false)]
    [InlineData("{ count: Product Viewed }", "{ count: Product Viewed, within: 7d }", false)]
    [InlineData("{ count: Product Viewed, within: 8d }", "{ count: Product Viewed, within: 7d }", true)]
    [InlineData("{ count: Product Viewed, within: 7d }", "{ trend: Product Viewed, within: 30d }", true)]
    [InlineData("{ sum: event.price, of: Product Viewed, within: 7d }", "{ avg: event.price, of: Product Viewed, within: 7d }", false)]
    [InlineData("{ last: Product Viewed, within: 7d }", "{ last: Product Viewed }", true)]
    [InlineData("{ sessions: any, gap: 30m }", "{ sessions: any }", true)]
    [InlineData("{ sessions: any, gap: 20m }", "{ sessions: any }", false)]
    [InlineData("{ sequence: [Product Viewed, Order Completed], within: 1d }", "{ sequence: [Product Viewed, Order Completed], within: 24h }", true)]
    [InlineData("{ sequence: [Product Viewed, Order Completed], within: 1d }", "{ sequence: [Order Completed, Product Viewed], within: 1d }", false)]
    [InlineData("{ sequence: [Product Viewed, Order Completed], within: 1d }", "{ sequence: [Product Viewed], without: Order Completed, within: 1d }", false)]
    [InlineData("{ count: Product Viewed }", "{ last: Product Viewed }", false)]
    [InlineData("{ last: Product Viewed }", "{ first: Product Viewed }", false)]
    [InlineData("{ count: Product Viewed, where: event.price > 1.0 }", "{ count: Product Viewed, where: event.price > 2.0 }", false)]
    [InlineData("{ sum: event.price, of: Product Viewed }", "{ sum: event.quantity, of: Product Viewed }", false)]
    public void Cells_are_shared_and_kept_exactly_when_the_definition_is_the_same_but_for_the_window(string one, string other, bool same)
    {
        var features = Fragments.Compiled($"features:\n  a: {one}\n  b: {other}\n").Features;

        Assert.Equal(same, features[0].Key == features[1].Key);
    }

    [Theory]
    [InlineData("{ count: Product Viewed, where: event.price > 1.0 }", 6250890607340950235UL)]
    [InlineData("{ count: Product Viewed, where: event.price > 1.0, within: 7d }", 11120856557773321735UL)]
    [InlineData("{ min: event.price, of: Product Viewed, within: 7d }", 14193732610112762711UL)]
    [InlineData("{ sequence: [Product Viewed], without: Order Completed, within: 2h }", 6049783683022182297UL)]
    public void The_key_of_a_cell_never_changes(string written, ulong key) =>
        Assert.Equal(key, Fragments.Compiled($"features: {{ a: {written} }}").Features[0].Key);

    [Fact]
    public void Segments_come_after_those_they_refer_to_and_read_the_right_ones()
    {
        var strategy = Fragments.Compiled("""
            segments:
              a: segments.c && segments.b
              b: profile.member == true
              c: "!segments.b"
            """);

        Assert.Equal(["b", "c", "a"], strategy.Segments.Select(segment => segment.Name));
        Assert.Equal([0, 1, 2], strategy.Segments.Select(segment => segment.Index));
        var facts = new Engine.Decisions.Facts(strategy);
        var member = CustomerState.Empty with { Profile = PropertyMap.Of(("member", Value.Of(true))) };
        facts.Look(member, DateTimeOffset.UnixEpoch, null, PropertyMap.Empty);
        Assert.Equal([Truth.True, Truth.False, Truth.False], strategy.Segments.Select(segment => segment.When.Test(facts)));
    }

    [Fact]
    public void A_rule_knows_its_layers_its_effects_and_everything_it_reads()
    {
        var strategy = Fragments.Compiled("""
            features: { views: { count: Product Viewed } }
            segments: { fan: features.views > 3, big_fan: segments.fan && features.views > 9 }
            scores: { lead: { points: [], grades: { mql: 10 } } }
            rules:
              - id: hello
                profile: age(profile.birthday) > 18
                behaviour: segments.big_fan || event.name == "Product Viewed"
                then:
                  - tag: { name: warm, level: high, expires: 1h30m }
                  - score: { lead: -5 }
                  - { offer: act, weight: 1.5 }
                  - offer: act
                  - attribute: { plan: plus, member: true }
            issues: { i: { g: { act: { value: 3, treatments: [ { channel: web, placement: hero, text: Hi } ] } } } }
            """);

        var rule = Assert.Single(strategy.Rules);
        Assert.Equal([LayerKind.Behaviour, LayerKind.Profile], rule.Layers.Select(layer => layer.Kind));
        Assert.Equal("rules.hello.behaviour", rule.Layers[0].When.Path);
        Assert.Equal(["event.name", "features.views", "now", "profile.birthday", "segments.big_fan", "segments.fan"], rule.Reads.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                new RuleEffect.Tag("warm", "high", TimeSpan.FromMinutes(90)), new RuleEffect.Score(0, -5), new RuleEffect.Offer(0, 1.5), new RuleEffect.Offer(0, 2),
                new RuleEffect.Attribute("plan", Value.Of("plus")), new RuleEffect.Attribute("member", Value.Of(true)),
            ],
            rule.Then);
        Assert.Equal(["warm"], strategy.Tags);
    }

    [Fact]
    public void A_stage_has_its_bounds_and_its_plan()
    {
        var strategy = Fragments.Compiled("""
            journey:
              find: { enter: true, exit: stages.entice.in, min_dwell: 1h, timeout: { after: 60d, to: entice } }
              entice: { enter: stages.find.entries > 1, re_enter: true }
            schedule:
              find: { objective: be found, message: Hello, channels: [web, social], level: none, kpi: { views: 5000/month }, budget: 20% }
            """);

        var (find, entice) = (strategy.Stages[0], strategy.Stages[1]);
        Assert.Equal((TimeSpan.FromHours(1), (ReEntry?)null, TimeSpan.FromDays(60), "entice"), (find.MinDwell, find.ReEnter, find.Timeout!.Value, find.TimeoutTo));
        Assert.Equal((TimeSpan.Zero, ReEntry.Free, null, null), (entice.MinDwell, entice.ReEnter, (TimeSpan?)entice.Timeout, (StagePlan?)entice.Plan));
        Assert.Equal(("be found", "Hello", PersonalizationLevel.None, 0.2, "web,social"), (find.Plan!.Objective, find.Plan.Message, find.Plan.Level, find.Plan.BudgetShare, string.Join(',', find.Plan.Channels)));
        Assert.Equal([new StageKpi("views", 5000, KpiPeriod.Month)], find.Plan.Kpis);
    }

    [Fact]
    public void Grades_are_ordered_by_threshold_and_compared_by_rank()
    {
        var strategy = Fragments.Compiled("""
            scores: { lead: { half_life: 30d, cap: 100, grades: { sql: 70, mql: 40, hysteresis: 5 }, points: [ { on: Page Viewed, add: 4 } ] } }
            segments: { ready: grade("lead") >= "mql", cold: grade("lead") == "none" }
            """);

        var score = Assert.Single(strategy.Scores);
        Assert.Equal(["mql", "sql"], score.Grades.Select(grade => grade.Name));
        Assert.Equal((TimeSpan.FromDays(30), 100.0, 5.0), (score.HalfLife!.Value, score.Cap!.Value, score.Hysteresis));
        Assert.Equal(["grade(lead)"], strategy.Segments[0].When.Expression.Reads);
    }

    [Fact]
    public void An_action_has_its_defaults_and_its_days_are_local_and_whole()
    {
        var strategy = Fragments.Compiled("""
            timezone: Asia/Ho_Chi_Minh
            consent: { purposes: [care] }
            issues: { i: { g: { a: {
              value: 3, purpose: care, valid_from: 2026-05-01, valid_until: 2026-05-31,
              treatments: [ { channel: web, placement: hero, text: Hi, data: { tone: calm } }, { name: mail, channel: email, placement: inbox } ] } } } }
            arbitration: { levers: [ { for: group.g, weight: 1.5, owner: me, until: 2026-05-31T12:00+02:00 }, { for: all, weight: 2 } ] }
            """);

        var action = Assert.Single(strategy.Actions);
        Assert.Equal(("i", "g", "a", 3.0, 0.5, "care", false), (action.Issue, action.Group, action.Name, action.Value, action.Propensity, action.Purpose, action.IsFallback));
        Assert.Equal(("2026-04-30T17:00:00Z", "2026-05-31T17:00:00Z"), ($"{action.ValidFrom:yyyy-MM-ddTHH:mm:ssZ}", $"{action.ValidUntil:yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Equal(["web-hero: web hero", "mail: email inbox"], action.Treatments.Select(treatment => $"{treatment.Name}: {treatment.Channel} {treatment.Placement}"));
        Assert.Equal(["text=Hi", "tone=calm"], action.Treatments[0].Content.Select(part => $"{part.Name}={part.Template.Source}"));
        Assert.Equal((null, "g", null, 1.5, "me"), (strategy.Levers[0].Issue, strategy.Levers[0].Group, strategy.Levers[0].Action, strategy.Levers[0].Weight, strategy.Levers[0].Owner));
        Assert.Equal(new DateTimeOffset(2026, 5, 31, 10, 0, 0, TimeSpan.Zero), strategy.Levers[0].Until);
    }

    [Fact]
    public void A_cap_says_what_it_counts()
    {
        var cap = Assert.Single(Fragments.Compiled("contact: { caps: [ { outcome: NO_RESPONSE, of: group, channel: email, at_most: 2, within: 7d } ] }").Caps);

        Assert.Equal(new ContactCap("contact.caps[1]", Outcome.NoResponse, CapScope.Group, "email", 2, TimeSpan.FromDays(7)), cap);
    }

    [Fact]
    public void What_is_left_out_has_the_documented_default()
    {
        var (strategy, _) = Fragments.Compile(("strategy.yaml", "strategy: bare"));

        Assert.Equal(("bare", 1L, "UTC", 1.0, TimeSpan.FromDays(1)), (strategy!.Name, strategy.Version, strategy.TimeZone.Id, strategy.AllowedLateness.TotalDays, strategy.OfferExpires));
    }

    [Theory]
    [InlineData("1s", "00:00:01")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("14d", "14.00:00:00")]
    [InlineData("2w1d", "15.00:00:00")]
    [InlineData("2y", "730.00:00:00")]
    public void Durations_read_as_written(string written, string expected)
    {
        var (strategy, _) = Fragments.Compile(("strategy.yaml", $"strategy: bare\nallowed_lateness: {written}"));

        Assert.Equal(TimeSpan.Parse(expected), strategy!.AllowedLateness.ToTimeSpan());
    }
}
