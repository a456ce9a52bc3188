using System.Text;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>What YAML itself makes of a strategy: its traps, its aliases, its bombs.</summary>
public sealed class YamlTests
{
    [Theory]
    [InlineData("segments:\n  a: profile.member == true ? profile.nps > 1 «: false\n", "YAML reads `: ` as the end of a key")]
    [InlineData("segments: { a: {1: 2}«[1] == 2 }\n", "YAML ends the value at the `}` before this; put the whole value between quotes")]
    [InlineData("segments:\n  a: «{ x }\n", "expected a condition, but YAML reads a mapping here; put a condition with `{`, `[` or `: ` in it between quotes")]
    [InlineData("segments:\n  a: [1, 2]«.exists(x, x == profile.nps)\n", "YAML ends the value at the `]` before this; put the whole value between quotes")]
    [InlineData("segments:\n  a: \"x\" «== profile.plan\n", "YAML ends the value at the `\"` before this; put the whole value between quotes")]
    [InlineData("segments:\n  a: «!segments.b\n  b: profile.member == true\n", "YAML reads `!segments.b` as a tag, because the value begins with `!`; put the value between quotes")]
    [InlineData("segments:\n  a: «*b\n", "YAML reads `*b` as an alias, and nothing is anchored as `&b` before it")]
    [InlineData("segments:\n  a: «@b\n", "a value cannot begin with `@` in YAML; put the whole value between quotes")]
    [InlineData("segments:\n  a: «> 3\n", "YAML reads a leading `>` as the beginning of a text block; put the whole value between quotes")]
    [InlineData("segments:\n  a: profile.plan == «\" #none\"\n", "YAML takes ` #` and what follows for a comment: put the whole expression between single quotes")]
    [InlineData("segments: { a: profile.plan.matches(\"x, «y\") }\n", "YAML ends the value of `a` at the `,` before `y\")`; put the whole value between quotes")]
    [InlineData("contact: { caps: [ { outcome: CLICKED, of: all, at_most: 1, within: 1d, «oops } ] }\n", "YAML ends the value of `within` at the `,` before `oops`; put the whole value between quotes")]
    [InlineData("segments:\n«\ta: profile.nps > 3\n", "a tab in the indentation; indent with spaces")]
    [InlineData("segments:\n  a: «\"profile.nps > 3\n", "this quote is never closed; add the closing quote")]
    [InlineData("segments:\n  a: «\"profile.plan == 'a\\q'\"\n", "unknown escape in a text between double quotes")]
    [InlineData("segments: [a, b\n«", "YAML expects `,` or the closing bracket here")]
    [InlineData("segments: { a: {«{profile.x}} }\n", "YAML reads a mapping as a key here; put a value that begins with `{` or `[` between quotes")]
    [InlineData("segments: {}\n«---\nrules: []\n", "a second document begins here; write one document per file, without `---`")]
    [InlineData("«- a\n- b\n", "a strategy file holds sections such as `rules:`, but this one is a list")]
    [InlineData("«just text\n", "a strategy file holds sections such as `rules:`, but this one is a text")]
    public void A_trap_of_YAML_is_explained_at_its_place(string marked, string message)
    {
        var (text, places) = Fragments.Unmark(marked);

        var (strategy, errors) = Fragments.CompilePiece(text);

        Assert.Null(strategy);
        var error = Assert.Single(errors);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(places), $"{error.Line}:{error.Column}");
    }

    [Theory]
    [InlineData("segments:\n  a: profile.nps > 3 && «profile.x == 1\n")]
    [InlineData("segments:\n  a: \"profile.nps > 3 && «profile.x == 1\"\n")]
    [InlineData("segments:\n  a: 'profile.plan == ''none'' && «profile.x == 1'\n")]
    [InlineData("segments:\n  a: \"profile.plan == \\\"none\\\" && «profile.x == 1\"\n")]
    [InlineData("segments:\n  a: \"profile.first_name == '\\u0061\\x62\\t😀' || «profile.x == 1\"\n")]
    [InlineData("segments:\n  a: \"profile.nps > 3 \\\n    && «profile.x == 1\"\n")]
    [InlineData("segments:\n  a: profile.nps > 3\n     && «profile.x == 1\n")]
    [InlineData("segments:\n  a: |\n    profile.nps > 3\n      && «profile.x == 1\n")]
    [InlineData("segments:\n  a: >-\n    profile.nps > 3\n\n    &&   «profile.x == 1\n")]
    [InlineData("segments:\n  a: |2-\n    profile.nps > 3 &&\n    «profile.x == 1")]
    [InlineData("# 😀\r\nsegments:\r\n  a: profile.first_name == '😀' || «profile.x == 1\r\n")]
    [InlineData("\uFEFFsegments: { a: «profile.x == 1 }")]
    public void A_mistake_inside_an_expression_is_placed_in_the_file_however_it_is_written(string marked)
    {
        var (text, places) = Fragments.Unmark(marked.TrimStart('\uFEFF'));

        var (_, errors) = Fragments.CompilePiece(marked[0] == '\uFEFF' ? '\uFEFF' + text : text);

        var error = Assert.Single(errors);
        Assert.Contains("has no `x`", error.Message, StringComparison.Ordinal);
        var (line, column) = (int.Parse(Assert.Single(places).Split(':')[0]), int.Parse(places[0].Split(':')[1]));
        Assert.Equal((line, column + "profile.".Length), (error.Line, error.Column));
    }

    [Fact]
    public void Aliases_share_what_they_name()
    {
        var strategy = Fragments.Compiled("""
            features:
              a: &week { count: Product Viewed, within: 7d }
              b: *week
            """);

        Assert.Equal(strategy.Features[0].Key, strategy.Features[1].Key);
    }

    [Fact]
    public void An_alias_bomb_is_refused_at_once()
    {
        var bomb = new StringBuilder("features:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 60; i++)
        {
            bomb.Append($"  a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        var (_, errors) = Fragments.CompilePiece(bomb.ToString());

        var error = Assert.Single(errors);
        Assert.Equal("more than 200000 values with all aliases written out; split the strategy or use fewer aliases", error.Message);
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("? ", 100_000)]
    [InlineData("a:\n ", 500)]
    public void Deep_nesting_is_refused(string opening, int times)
    {
        var text = new StringBuilder();
        for (var i = 0; i < times; i++)
        {
            text.Append(opening.Contains('\n', StringComparison.Ordinal) ? opening.Replace("\n ", "\n" + new string(' ', i + 1), StringComparison.Ordinal) : opening);
        }

        var (_, errors) = Fragments.CompilePiece(text.ToString());

        Assert.Equal("nested deeper than 32 levels; the language needs far fewer", Assert.Single(errors).Message);
    }

    [Fact]
    public void A_strategy_of_too_many_bytes_is_refused_before_it_is_read()
    {
        var (_, errors) = Fragments.CompilePiece(new string('[', (4 * 1024 * 1024) + 1));

        Assert.Contains("at most 4194304 are read", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_YAML_does_not_hide_the_mistakes_of_others_nor_make_up_new_ones()
    {
        var (_, errors) = Fragments.Compile(
            ("strategy.yaml", "strategy: two\nprofile: { nps: int }\n"),
            ("a.yaml", "features: { views: { count: any } }\nscores: ["),
            ("b.yaml", "segments:\n  x: features.views > 3 && segments.other && grade('lead') == 'mql'\n  y: profile.nps + 1\n"));

        Assert.Equal(["a.yaml:2:10: yaml", "b.yaml:3:6: segments.y"], errors.Select(error => $"{error.File}:{error.Line}:{error.Column}: {error.Path}"));
    }
}
