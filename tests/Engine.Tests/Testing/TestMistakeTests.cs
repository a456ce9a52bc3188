using Decisioning.Engine.Tests.Strategies;

namespace Decisioning.Engine.Tests.Testing;

/// <summary>Mistakes in test files: « marks where each is reported.</summary>
public sealed class TestMistakeTests
{
    [Theory]
    [InlineData("«", "`tests` is missing", "given: []\n")]
    [InlineData("unknown key", "unknown key `tets`; did you mean `tests`?", "«tets: []\ntests: []\n")]
    [InlineData("name", "`test` is missing; name it", "tests:\n  - «expect: { stages: [] }\n    at: 2026-11-02\n")]
    [InlineData("twice", "there is a `test: a` already, at line 2", "tests:\n  - { test: a, at: 2026-11-02, expect: { stages: [] } }\n  - { test: «a, at: 2026-11-02, expect: { stages: [] } }\n")]
    [InlineData("nothing expected", "the test expects nothing; write an `expect`", "tests:\n  - «{ test: a, given: [ { at: 2026-11-02, event: Product Viewed } ] }\n")]
    [InlineData("no time", "the first step of a case has no time", "tests:\n  - test: a\n    given:\n      - «{ event: Product Viewed }\n    at: 2026-11-02\n    expect: { stages: [] }\n")]
    [InlineData("no step before", "`+2h` goes on from the step before, and this is the first", "tests:\n  - { test: a, at: «+2h, expect: { stages: [] } }\n")]
    [InlineData("not a time", "`noon` is not a time", "tests:\n  - { test: a, at: «noon, expect: { stages: [] } }\n")]
    [InlineData("before", "lies before the step before it, 2026-11-02T10:00; put steps in the order of time, or write `late: true`",
        "tests:\n  - test: a\n    given:\n      - { at: 2026-11-02T10:00, event: Product Viewed }\n      - { at: «2026-11-02T09:00, event: Product Viewed }\n    expect: { stages: [] }\n")]
    [InlineData("event", "the strategy has no event `Product Veiwed`; did you mean `Product Viewed`?",
        "tests:\n  - test: a\n    given:\n      - { at: 2026-11-02, event: «Product Veiwed }\n    expect: { stages: [] }\n")]
    [InlineData("property", "unknown key `prize`; did you mean `price`?",
        "tests:\n  - test: a\n    given:\n      - { at: 2026-11-02, event: Product Viewed, «prize: 2 }\n    expect: { stages: [] }\n")]
    [InlineData("every", "`every` says how far apart several events are; write `times`",
        "tests:\n  - test: a\n    given:\n      - { at: 2026-11-02, event: Product Viewed, «every: 2m }\n    expect: { stages: [] }\n")]
    [InlineData("verb", "a step says what happens or what must be so",
        "tests:\n  - test: a\n    given:\n      - «{ at: 2026-11-02 }\n    at: 2026-11-02\n    expect: { stages: [] }\n")]
    [InlineData("outcome", "unknown value `REFUSED` of `outcome`",
        "tests:\n  - test: a\n    given:\n      - { at: 2026-11-02, response: coupon, outcome: «REFUSED }\n    at: 2026-11-02\n    expect: { stages: [] }\n")]
    [InlineData("stage", "the strategy has no stage `wosh`; did you mean `wish`?", "tests:\n  - { test: a, at: 2026-11-02, expect: { stages: [«wosh] } }\n")]
    [InlineData("feature", "the strategy has no feature `vews`; did you mean `views`?", "tests:\n  - { test: a, at: 2026-11-02, expect: { features: { «vews: 2 } } }\n")]
    [InlineData("nothing named", "nothing is expected here; name a tag, or write `[]` for none at all", "tests:\n  - { test: a, at: 2026-11-02, expect: { tags: «{} } }\n")]
    [InlineData("no question", "`first` is about an answer, and nothing is asked", "tests:\n  - { test: a, at: 2026-11-02, expect: { «first: coupon } }\n")]
    [InlineData("channel", "the strategy has no channel `wen`; did you mean `web`?", "tests:\n  - { test: a, at: 2026-11-02, ask: { channel: «wen }, expect: { first: coupon } }\n")]
    [InlineData("placement", "the strategy has no placement `heroo`; did you mean `hero`?", "tests:\n  - { test: a, at: 2026-11-02, ask: { placements: [«heroo] }, expect: { first: coupon } }\n")]
    [InlineData("funnel", "`eligible` is no stage of the funnel", "tests:\n  - { test: a, at: 2026-11-02, ask: { channel: web }, expect: { not: { coupon: «eligible } } }\n")]
    [InlineData("range", "`60..40` is no range; write one such as `40..60`", "tests:\n  - { test: a, at: 2026-11-02, expect: { scores: { lead: «60..40 } } }\n")]
    [InlineData("then beside cases", "a test with `cases` has a `then` in each case", "tests:\n  - test: a\n    «then: [ { expect: { stages: [] } } ]\n    cases: [ { case: b, at: 2026-11-02, expect: { stages: [] } } ]\n")]
    [InlineData("yaml", "", "tests:\n  - { test: a, at: 2026-11-02, expect: { stages: [\n«")]
    public void A_mistake_is_reported_at_its_place_with_its_cure(string what, string message, string marked)
    {
        var (text, places) = Fragments.Unmark(marked);

        var (suite, errors) = Suites.Read(text);

        Assert.Null(suite);
        var place = places.IsEmpty ? "1:1" : places[0];
        Assert.True(errors.Any(error => $"{error.Line}:{error.Column}" == place && error.Message.Contains(message, StringComparison.Ordinal)), $"{what}: {string.Join(Environment.NewLine, errors)}");
        Assert.True(errors.Length == 1, string.Join(Environment.NewLine, errors));
    }

    [Fact]
    public void Files_outside_the_folder_of_tests_are_passed_over()
    {
        var (suite, errors) = Decisioning.Engine.Testing.TestFiles.Read(
            System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("rules.yaml", "nonsense").Add("tests/notes.txt", "nonsense").Add("tests/empty.yaml", "# nothing yet\n"),
            Suites.Strategy);

        Assert.Empty(errors);
        Assert.Empty(suite!.Cases);
    }
}
