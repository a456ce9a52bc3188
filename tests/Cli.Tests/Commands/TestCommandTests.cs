using System.Text.Json;
using System.Xml.Linq;
using Decisioning.Cli.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Cli.Tests.Commands;

[Collection(typeof(TakesConsole))]
public sealed class TestCommandTests : IDisposable
{
    private const string Passing = """
        tests:
          - test: who looked is welcomed
            given:
              - { at: 2026-11-02T10:00, event: Product Viewed }
            ask: { channel: web }
            expect: { first: welcome }

        """;

    private const string Failing = """
          - test: who did not look is not
            at: 2026-11-02T10:00
            ask: { channel: web }
            expect: { first: welcome }
        """;

    private readonly TempFolder _folder = new();

    public TestCommandTests() => _folder.Write("strategy.yaml", TestStrategies.Shop);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tests_that_pass_are_counted_and_what_they_never_touch_is_named()
    {
        _folder.Write("tests/a.yaml", Passing);

        var run = (await Decide.RunAsync("test", _folder.Root)).WithoutTraces();

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.StartsWith("shop: 1 passed, 0 failed; 1 expectations in ", run.Output, StringComparison.Ordinal);
        Assert.Contains("rules    0 of 1 touched; never keen", run.Output, StringComparison.Ordinal);
        Assert.Contains("actions  1 of 1 touched\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_that_fails_shows_place_expected_actual_and_reason()
    {
        _folder.Write("tests/a.yaml", Passing + Failing);

        var run = (await Decide.RunAsync("test", _folder.Root)).WithoutTraces();

        Assert.Equal(1, run.Code);
        Assert.StartsWith(
            """
            failed who did not look is not  tests/a.yaml:7
              tests/a.yaml:10:22  first at 2026-11-02T10:00
                  expected  welcome
                  actual    (none)
                  because   welcome: applicability, `features.views >= 1` does not hold: features.views is 0 (issues.sell.basics.welcome.applicable)
                  because   welcome: would be offered if `features.views` were 1 instead of 0
            shop: 1 passed, 1 failed; 2 expectations in
            """.ReplaceLineEndings("\n"),
            run.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOT LOOK", 1)]
    [InlineData("is welcomed", 0)]
    [InlineData("a.yaml", 1)]
    public async Task Only_runs_the_tests_whose_name_or_file_has_the_text(string only, int code)
    {
        _folder.Write("tests/a.yaml", Passing + Failing);

        var run = (await Decide.RunAsync("test", _folder.Root, "--only", only)).WithoutTraces();

        Assert.Equal(code, run.Code);
    }

    [Fact]
    public async Task Nothing_is_tested_of_a_strategy_or_a_test_with_mistakes()
    {
        _folder.Write("tests/a.yaml", Passing.Replace("welcome }", "welcom }", StringComparison.Ordinal));
        var test = (await Decide.RunAsync("test", _folder.Root)).WithoutTraces();
        _folder.Write("strategy.yaml", TestStrategies.Broken);
        var strategy = (await Decide.RunAsync("test", _folder.Root)).WithoutTraces();

        Assert.Equal((1, 1), (test.Code, strategy.Code));
        Assert.StartsWith("tests/a.yaml:6:22: error unknown-name: tests.who looked is welcomed.expect.first: the strategy has no action `welcom`; did you mean `welcome`?", test.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 mistake; nothing was tested\n", test.Output, StringComparison.Ordinal);
        Assert.Contains("Nowhere/Land", strategy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strategy_without_tests_is_told_where_to_write_the_first()
    {
        var run = (await Decide.RunAsync("test", _folder.Root)).WithoutTraces();

        Assert.Equal(2, run.Code);
        Assert.Contains("has no tests; write the first into", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_shows_each_look_of_a_test_that_passes_too()
    {
        _folder.Write("tests/a.yaml", Passing + Failing);

        var run = (await Decide.RunAsync("test", _folder.Root, "--only", "is welcomed", "--explain")).WithoutTraces();

        Assert.StartsWith(
            """
            passed who looked is welcomed  tests/a.yaml:2
              at 2026-11-02T10:00 (line 2)
                stages: find
                1. welcome  web/hero  5 = 0.5 × 1 × 10 × 1  “Welcome”
            shop: 1 passed, 0 failed; 1 expectations in
            """.ReplaceLineEndings("\n"),
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_JSON_and_build_servers_get_JUnit()
    {
        _folder.Write("tests/a.yaml", Passing + Failing);

        var run = (await Decide.RunAsync("test", _folder.Root, "--json", "--junit", _folder.Path("out.xml"))).WithoutTraces();

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal((1, 1), (json.RootElement.GetProperty("passed").GetInt32(), json.RootElement.GetProperty("failed").GetInt32()));
        Assert.Equal("(none)", json.RootElement.GetProperty("cases")[1].GetProperty("failures")[0].GetProperty("actual").GetString());
        var xml = XDocument.Load(_folder.Path("out.xml"));
        Assert.Equal(("2", "1"), (xml.Root!.Attribute("tests")!.Value, xml.Root.Attribute("failures")!.Value));
        Assert.StartsWith("first: expected welcome, got (none)", xml.Descendants("failure").Single().Attribute("message")!.Value, StringComparison.Ordinal);
    }
}
