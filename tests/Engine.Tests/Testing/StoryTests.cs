using Decisioning.Engine.Testing;

namespace Decisioning.Engine.Tests.Testing;

/// <summary>What can happen in a test of a strategy, and when.</summary>
public sealed class StoryTests
{
    [Theory]
    [InlineData("a step without a time is at the time of the step before", """
        given:
          - { at: 2026-11-02T10:00, event: Product Viewed }
          - { event: Product Viewed }
        expect: { features: { last_seen: 2026-11-02T10:00, views: 2 } }
        """)]
    [InlineData("a time with a plus goes on from the step before", """
        given:
          - { at: 2026-11-02T10:00, event: Product Viewed }
          - { at: +1h30m, event: Product Viewed }
        at: +30m
        expect: { features: { last_seen: 2026-11-02T11:30, since: 30m } }
        """)]
    [InlineData("several events move the time to the last of them", """
        given:
          - { at: 2026-11-02T10:00, event: Product Viewed, times: 3, every: 10m }
        at: +0m
        expect: { features: { last_seen: 2026-11-02T10:20, since: 0s } }
        """)]
    [InlineData("local times follow the clock of the zone", """
        given:
          - { at: 2026-10-24T12:00, event: Product Viewed }
        at: 2026-10-25T12:00
        expect: { features: { since: 25h } }
        """)]
    [InlineData("a time with an offset is that instant", """
        given:
          - { at: 2026-11-02T10:00Z, event: Product Viewed }
        expect: { features: { last_seen: 2026-11-02T11:00 } }
        """)]
    [InlineData("time alone ends a tag and fades a score", """
        given:
          - { at: 2026-11-02T10:00, event: Product Viewed, times: 2, device: mobile }
        expect: { tags: [warm], scores: { lead: 20 } }
        then:
          - { at: +47h59m, expect: { tags: [warm] } }
          - { at: +1m, expect: { tags: [] } }
          - { at: +5d, expect: { scores: { lead: 10 } } }
        """)]
    [InlineData("time alone lets stages begin and end between the steps, each at its own instant", """
        given:
          - { at: 2026-11-02T10:00, event: Product Viewed, times: 2 }
        expect: { stages: [wish], segments: [keen] }
        then:
          - { at: 2026-11-16T10:00, expect: { stages: [wish], segments: [] } }
          - { event: Order Completed, total: 20 }
          - { at: +1d, expect: { stages: [], segments: [buyers] } }
        """)]
    [InlineData("an event that comes late counts at its own time", """
        given:
          - { at: 2026-11-02T10:00, event: Product Viewed, category: lamps }
          - { at: 2026-11-02T09:00, event: Product Viewed, category: beds, late: true }
        expect: { features: { views: 2, category: lamps, last_seen: 2026-11-02T10:00 } }
        """)]
    [InlineData("types come from the strategy, times of properties are local or relative to the step", """
        given:
          - { at: 2026-11-02T10:00, event: Order Completed, total: 20, delivered_at: +2d }
          - { identify: { first_name: 007, birthday: 1990-11-03, plan: plus } }
        expect: { features: { delivered: 2026-11-04T10:00, spent: 20 }, profile: { first_name: "007", plan: plus } }
        """)]
    [InlineData("properties that are not declared stand under properties", """
        given:
          - { at: 2026-11-02T10:00, event: Product Viewed, properties: { at: home, category: beds } }
        expect: { features: { category: beds } }
        """)]
    [InlineData("consent is given, denied and taken back", """
        given:
          - { at: 2026-11-02T10:00, consent: marketing, channel: [email, phone] }
        ask: { channel: email }
        expect: { first: letter }
        then:
          - { consent: marketing, channel: email, status: revoked }
          - { ask: { channel: email }, expect: { not: { letter: consent } } }
        """)]
    [InlineData("a response answers the offer, and caps count it", """
        given:
          - { at: 2026-11-02T10:00, event: Product Viewed, times: 2 }
          - { ask: { channel: web, placements: hero } }
          - { response: coupon, outcome: REJECTED }
        at: +1h
        ask: { channel: web, placements: hero }
        expect:
          offers: [news]
          not: { coupon: contact_policy }
          allowed_again_at: { coupon: 2026-12-02T10:00 }
        then:
          - { at: 2026-12-02T09:59, ask: { channel: web }, expect: { allowed_again_at: { coupon: null } , not: { coupon: applicability } } }
        """)]
    public void A_story_goes_as_it_is_written(string law, string story)
    {
        var report = Suites.Run($"tests:\n  - test: {law}\n    {story.ReplaceLineEndings("\n    ")}\n");

        Assert.True(report.IsPassed, string.Join(Environment.NewLine, report.Failures.Select(failure => $"{failure} {string.Join("; ", failure.Because)}")));
    }

    [Fact]
    public void A_table_shares_what_is_given_the_question_and_the_time()
    {
        var (suite, errors) = Suites.Read("""
            given:
              - { at: 2026-11-02T10:00, event: Product Viewed }
            tests:
              - test: what a customer is worth
                given:
                  - { at: +1m, event: Order Completed, total: 1 }
                at: 2026-11-02T11:00
                ask: { channel: web, placements: hero }
                cases:
                  - { case: little, expect: { tags: [], first: news } }
                  - case: much
                    given: [ { at: 2026-11-02T10:30, event: Order Completed, total: 999 } ]
                    expect: { tags: [rich], first: news }
                    then: [ { at: +1d, expect: { features: { spent: 1000 } } } ]
            """);

        Assert.Empty(errors);
        Assert.Equal(["what a customer is worth / little", "what a customer is worth / much"], suite!.Cases.Select(test => test.Name));
        Assert.All(suite.Cases, test => Assert.Empty(TestRunner.Run(test, Suites.Strategy).Failures));
    }

    [Fact]
    public void An_event_the_engine_refuses_fails_the_test_with_the_reason()
    {
        var report = Suites.Run("{ at: 2026-11-02T10:00, event: Order Completed, total: much }", "expect: { stages: [] }");

        var failure = Assert.Single(report.Failures);
        Assert.Equal(("Order Completed", "rejected", 4), (failure.Subject, failure.Actual, failure.Line));
        Assert.Contains("`\"much\"` is no double", Assert.Single(failure.Because), StringComparison.Ordinal);
    }

    [Fact]
    public void Tests_tell_what_they_never_touched()
    {
        var report = Suites.Run(Suites.TwoViews, "at: 2026-11-02T11:00\nask: { channel: web }\nexpect: { first: coupon }");

        Assert.Equal(
            ["rules 2: rich", "actions 3: letter news", "stages 2: ", "segments 2: buyers"],
            report.Touched.Against(Suites.Strategy).Select(part => $"{part.Kind} {part.Count}: {string.Join(' ', part.Untouched)}"));
    }

    [Fact]
    public void A_run_comes_to_the_same_each_time()
    {
        var (suite, _) = Suites.Read($"tests:\n  - test: it\n    given:\n      - {Suites.TwoViews}\n    ask: {{ channel: web }}\n    expect: {{ offers: [] }}\n");

        var first = TestRunner.Run(suite!.Cases[0], Suites.Strategy);
        var second = TestRunner.Run(suite.Cases[0], Suites.Strategy);

        Assert.Equal(first.Failures.Select(failure => failure.Because), second.Failures.Select(failure => failure.Because));
    }
}
