using Decisioning.Engine.Testing;

namespace Decisioning.Engine.Tests.Testing;

/// <summary>What tests of a strategy can expect: each form once as it is, and once as it is not.</summary>
public sealed class ExpectationTests
{
    [Theory]
    [InlineData("stages: [wish]", "stages: [find]", "wish")]
    [InlineData("stages: { wish: true, find: false }", "stages: { wish: false }", "true")]
    [InlineData("segments: [keen]", "segments: []", "keen")]
    [InlineData("segments: { buyers: false }", "segments: { buyers: true }", "false")]
    [InlineData("tags: [warm]", "tags: [rich]", "warm")]
    [InlineData("tags: { warm: high, rich: false }", "tags: { warm: low }", "high")]
    [InlineData("tags: { warm: true }", "tags: { rich: true }", "(none)")]
    [InlineData("scores: { lead: 20 }", "scores: { lead: 19.0 }", "19.921077")]
    [InlineData("scores: { lead: 19.92 }", "scores: { lead: 19.98 }", "19.921077")]
    [InlineData("scores: { lead: 10..30 }", "scores: { lead: 20..30 }", "19.921077")]
    [InlineData("scores: { lead: ..30 }", "scores: { lead: 30.. }", "19.921077")]
    [InlineData("grades: { lead: none }", "grades: { lead: mql }", "(none)")]
    [InlineData("features: { views: 2 }", "features: { views: 3 }", "2")]
    [InlineData("features: { category: lamps }", "features: { category: beds }", "lamps")]
    [InlineData("features: { delivered: null }", "features: { delivered: 2026-11-02 }", "(none)")]
    [InlineData("features: { last_seen: 2026-11-02T10:05 }", "features: { last_seen: 2026-11-02T10:05Z }", "2026-11-02T10:05")]
    [InlineData("features: { since: 55m }", "features: { since: 1h }", "55m")]
    [InlineData("profile: { plan: null }", "profile: { plan: plus }", "(none)")]
    [InlineData("rules: { warm: true, rich: false }", "rules: { rich: true }", "false")]
    [InlineData("offers: [coupon]", "offers: [news]", "coupon")]
    [InlineData("offers: { hero: [coupon] }", "offers: { hero: [] }", "coupon")]
    [InlineData("first: coupon", "first: news", "coupon")]
    [InlineData("texts: { coupon: For you }", "texts: { coupon: For all }", "For you")]
    [InlineData("texts: { coupon: { link: /coupon } }", "texts: { coupon: { link: / } }", "/coupon")]
    [InlineData("not: { news: arbitration }", "not: { news: consent }", "arbitration, arbitration.priority")]
    [InlineData("not: { news: arbitration.priority }", "not: { coupon: arbitration }", "offered on web/hero")]
    [InlineData("not: [news, letter]", "not: [coupon]", "offered on web/hero")]
    public void An_expectation_holds_when_it_is_so_and_says_what_is_when_it_is_not(string holds, string fails, string actual)
    {
        const string look = "at: 2026-11-02T11:00\nask: { channel: web, placements: hero }\nexpect: { ";

        var passed = Suites.Run(Suites.TwoViews, $"{look}{holds} }}");
        var failed = Suites.Run(Suites.TwoViews, $"{look}{fails} }}");

        Assert.True(passed.IsPassed, string.Join(Environment.NewLine, passed.Failures));
        var failure = Assert.Single(failed.Failures);
        Assert.Equal(actual, failure.Actual);
        Assert.Equal("2026-11-02T11:00", failure.At);
    }

    [Fact]
    public void A_failure_names_its_place_and_what_the_answer_says()
    {
        var report = Suites.Run(Suites.TwoViews, """
            at: 2026-11-02T11:00
            ask: { channel: email }
            expect:
              first: letter
            """);

        Assert.Equal(
            new TestFailure("tests/shop.yaml", 8, 14, "first", "2026-11-02T11:00", "letter", "(none)", report.Failures[0].Because),
            Assert.Single(report.Failures));
        Assert.Equal(
            [
                "letter: consent, no consent for `marketing` on `email` (consent.marketing.email)",
                "letter: would be offered if `consent.marketing.email` were true instead of false",
            ],
            report.Failures[0].Because);
    }

    [Fact]
    public void A_list_that_differs_says_what_is_missing_and_what_is_too_much()
    {
        var report = Suites.Run(Suites.TwoViews, "at: 2026-11-02T11:00\nexpect: { tags: [rich] }");

        Assert.Equal(["missing: rich; not expected: warm"], Assert.Single(report.Failures).Because);
    }

    [Fact]
    public void Everything_of_a_look_is_compared_and_nothing_after_one_that_failed()
    {
        var report = Suites.Run(Suites.TwoViews, """
            at: 2026-11-02T11:00
            expect: { stages: [find], features: { views: 3 } }
            then:
              - expect: { segments: [] }
            """);

        Assert.Equal(["stages", "features.views"], report.Failures.Select(failure => failure.Subject));
        Assert.Equal(2, report.Expectations);
    }
}
