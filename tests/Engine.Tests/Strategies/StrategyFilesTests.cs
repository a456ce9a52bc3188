using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>A strategy in several files.</summary>
public sealed class StrategyFilesTests
{
    private const string Act = "{ value: 1, treatments: [ { channel: web, placement: hero } ] }";

    [Fact]
    public void Sections_in_several_files_are_laid_together()
    {
        var (strategy, errors) = Fragments.Compile(
            ("strategy.yaml", "strategy: many\nfeatures: { a: { count: any } }\nrules: [ { id: r1, behaviour: features.b > 1, then: [ { tag: { name: t } } ] } ]"),
            ("a/more.yaml", $"features: {{ b: {{ count: Page Viewed }} }}\nissues: {{ i: {{ g: {{ x: {Act} }} }} }}\nrules: [ {{ id: r2, behaviour: features.a > 1, then: [ {{ tag: {{ name: t }} }} ] }} ]"),
            ("b.yaml", $"issues: {{ i: {{ g: {{ y: {Act} }}, h: {{ z: {Act} }} }} }}\nsegments:\n"));

        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        Assert.Equal(["a", "b"], strategy!.Features.Select(feature => feature.Name));
        Assert.Equal(["r1", "r2"], strategy.Rules.Select(rule => rule.Id));
        Assert.Equal(["g.x", "g.y", "h.z"], strategy.Actions.Select(action => $"{action.Group}.{action.Name}"));
    }

    [Theory]
    [InlineData("features: { a: { count: any } }", "b.yaml:1:13: error duplicate-id: features.a: `a` is written twice; the first is at strategy.yaml:2")]
    [InlineData("strategy: other", "b.yaml:1:1: error duplicate-id: strategy: `strategy` is written twice; the first is at strategy.yaml:1")]
    [InlineData("issues: { j: { g: { act: { value: 1, treatments: [ { channel: web, placement: hero } ] } } } }", "b.yaml:1:21: error duplicate-id: issues.j.g.act: the action `act` is there twice; the first is at strategy.yaml:3; a name belongs to one action of the strategy")]
    [InlineData("consent: { purposes: [b] }", "b.yaml:1:12: error duplicate-id: consent.purposes: `purposes` is written twice; the first is at strategy.yaml:4")]
    public void The_same_thing_in_two_files_is_a_mistake(string second, string expected)
    {
        var (_, errors) = Fragments.Compile(
            ("strategy.yaml", $"strategy: many\nfeatures: {{ a: {{ count: any }} }}\nissues: {{ i: {{ g: {{ act: {Act} }} }} }}\nconsent: {{ purposes: [a] }}"),
            ("b.yaml", second));

        Assert.Equal(expected, Assert.Single(errors).ToString());
    }

    [Fact]
    public void Template_in_a_file_of_its_own_is_the_html_of_a_treatment_and_part_of_the_hash()
    {
        const string main = "strategy: s\nissues: { i: { g: { a: { value: 1, treatments: [ { channel: email, placement: inbox, template: mails/hello.hbs } ] } } } }";
        var (strategy, errors) = Fragments.Compile(("strategy.yaml", main), ("templates/mails/hello.hbs", "<p title=\"a: b\">{{profile.name}}</p>"));

        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        var part = Assert.Single(strategy!.Actions[0].Treatments[0].Content);
        Assert.Equal(("html", "<p title=\"a: b\">&lt;A&gt;</p>"), (part.Name, part.Template.Render(_ => Engine.Values.Value.Of("<A>"))));
        Assert.NotEqual(strategy.Hash, Fragments.Compile(("strategy.yaml", main), ("templates/mails/hello.hbs", "<p>")).Strategy!.Hash);
    }

    [Theory]
    [InlineData("hello.hbs", "Hi\n{{nobody}}", "templates/hello.hbs:2:1: error syntax: issues.i.g.a.treatments[1].template: `{{nobody}}` is not understood")]
    [InlineData("hello.hbs", "Hi {{features.x}}", "templates/hello.hbs:1:6: error unknown-name: issues.i.g.a.treatments[1].template: unknown feature `x`; declare it under `features`")]
    [InlineData("helo.hbs", "", "strategy.yaml:2:105: error unknown-name: issues.i.g.a.treatments[1].template: there is no template `hello.hbs`; did you mean `helo.hbs`?")]
    [InlineData("hello.txt", "", "strategy.yaml:2:105: error unknown-name: issues.i.g.a.treatments[1].template: there is no template `hello.hbs`; put it into the folder `templates`")]
    public void Mistake_in_a_template_is_told_at_its_place_in_the_file(string file, string text, string expected)
    {
        var (_, errors) = Fragments.Compile(
            ("strategy.yaml", "strategy: s\nissues: { i: { g: { a: { value: 1, treatments: [ { channel: email, placement: inbox, name: x, template: hello.hbs }, { channel: email, placement: b, template: hello.hbs } ] } } } }"),
            ($"templates/{file}", text));
        Assert.StartsWith(expected, errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tests_imports_mappings_and_other_files_are_no_part_of_it()
    {
        var (strategy, errors) = Fragments.Compile(
            ("strategy.yaml", "strategy: one"),
            ("tests/a.yaml", "- given"), ("import/b.yaml", "x"), ("orders.map.yaml", "x"), ("README.md", "x"), ("d.yml", "x"), (".git/c.yaml", "x"));

        Assert.Empty(errors);
        Assert.Equal(strategy!.Hash, Fragments.Compile(("strategy.yaml", "strategy: one")).Strategy!.Hash);
    }

    [Fact]
    public void Mistakes_come_in_the_order_of_the_files_the_main_one_first()
    {
        var (_, errors) = Fragments.Compile(("a.yaml", "x: 1\ny: 2"), ("strategy.yaml", "strategy: one\nz: 3"), ("b/c.yaml", "w: 4"));

        Assert.Equal(["strategy.yaml:2", "a.yaml:1", "a.yaml:2", "b/c.yaml:1"], errors.Select(error => $"{error.File}:{error.Line}"));
    }

    [Fact]
    public void A_folder_without_a_strategy_is_told_so()
    {
        var (strategy, errors) = StrategyCompiler.Compile(new StrategySource(ImmutableSortedDictionary<string, string>.Empty), 1);

        Assert.Null(strategy);
        Assert.Equal("strategy.yaml:1:1: error missing-key: strategy: the folder has no strategy; write a file `strategy.yaml` that begins with `strategy: NAME`", Assert.Single(errors).ToString());
    }

    [Theory]
    [InlineData("strategy: one\n", "strategy: one\r\n", true)]
    [InlineData("strategy: one\n", "\uFEFFstrategy: one\n", true)]
    [InlineData("strategy: one\n", "strategy: one\n\n", false)]
    [InlineData("strategy: one\n", "strategy: two\n", false)]
    public void The_hash_is_of_the_text_whatever_ends_its_lines(string one, string other, bool same) =>
        Assert.Equal(same, Fragments.Compile(("strategy.yaml", one)).Strategy!.Hash == Fragments.Compile(("strategy.yaml", other)).Strategy!.Hash);

    [Fact]
    public void The_hash_is_of_the_names_too_and_does_not_change_with_the_version()
    {
        var source = new StrategySource(ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("strategy.yaml", "strategy: one"), KeyValuePair.Create("a.yaml", "")]));
        var renamed = new StrategySource(source.Files.Remove("a.yaml").Add("b.yaml", ""));

        Assert.Equal(StrategyCompiler.Compile(source, 1).Strategy!.Hash, StrategyCompiler.Compile(source, 2).Strategy!.Hash);
        Assert.NotEqual(StrategyCompiler.Compile(source, 1).Strategy!.Hash, StrategyCompiler.Compile(renamed, 1).Strategy!.Hash);
        Assert.Matches("^[0-9a-f]{64}$", StrategyCompiler.Compile(source, 1).Strategy!.Hash);
    }
}
