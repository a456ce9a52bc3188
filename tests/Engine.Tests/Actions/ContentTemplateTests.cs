using Decisioning.Engine.Actions;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Actions;

public sealed class ContentTemplateTests
{
    private static readonly Dictionary<string, Value> Known = new(StringComparer.Ordinal)
    {
        ["profile.first_name"] = Value.Of("Ann & Bob <x>"),
        ["profile.empty"] = Value.Of(""),
        ["profile.member"] = Value.Of(true),
        ["profile.blocked"] = Value.Of(false),
        ["profile.birthday"] = Value.Of(new DateTimeOffset(1990, 2, 3, 0, 0, 0, TimeSpan.Zero)),
        ["profile.address"] = Value.Of(PropertyMap.Of(("city", Value.Of("Hue")))),
        ["profile.likes"] = Value.Of([Value.Of("lamps"), Value.Of("rugs")]),
        ["profile.orders"] = Value.Of([Order("bed", true), Order("sofa", false)]),
        ["profile.none"] = Value.Of(System.Collections.Immutable.ImmutableArray<Value>.Empty),
        ["features.big"] = Value.Of(1234567.5),
        ["profile.long"] = Value.Of(new string('x', 1000)),
        ["profile.braces"] = Value.Of("{{profile.first_name}}"),
        ["features.visits"] = Value.Of(3),
        ["features.none"] = Value.Of(0),
        ["features.spend"] = Value.Of(12.5),
        ["features.last_visit"] = Value.Of(new DateTimeOffset(2026, 11, 2, 10, 5, 0, TimeSpan.Zero)),
        ["action.name"] = Value.Of("callback"),
    };

    [Theory]
    [InlineData("no placeholder at all", "no placeholder at all")]
    [InlineData("", "")]
    [InlineData("Dear {{profile.first_name}}, <b>hi</b>", "Dear Ann & Bob <x>, <b>hi</b>")]
    [InlineData("[{{profile.unknown}}]", "[]")]
    [InlineData("[{{profile.address}}]", "[]")]
    [InlineData("{{profile.address.city}}{{profile.address.street}}{{profile.member.x}}", "Hue")]
    [InlineData("[{{profile.first_name.Length}}]", "[]")]
    [InlineData("{{#each profile.likes}}<{{this}}>{{/each}}", "<lamps><rugs>")]
    [InlineData("{{#each profile.orders}}{{this.item}}{{#if this.paid}} paid{{else}} open{{/if}}; {{/each}}{{profile.member}}", "bed paid; sofa open; true")]
    [InlineData("{{#each profile.empty}}x{{else}}none{{/each}}{{#each profile.none}}x{{else}}!{{/each}}", "none!")]
    [InlineData("{{default profile.unknown \"friend\"}} {{default profile.empty 'you'}} {{default features.visits 'x'}}", "friend you 3")]
    [InlineData("{{number features.spend}} {{number features.spend 2}} {{number features.big 0}} {{number profile.first_name}}", "12.5 12.50 1,234,568 Ann & Bob <x>")]
    [InlineData("{{date profile.birthday}}|{{date features.last_visit \"dddd d MMMM yyyy 'at' H:mm\"}}|{{time features.last_visit}}", "February 3, 1990|Monday 2 November 2026 at 10:05|10:05")]
    [InlineData("/q?n={{url profile.first_name}}", "/q?n=Ann%20%26%20Bob%20%3Cx%3E")]
    [InlineData("[{{profile.blocked}}{{profile.member}}]", "[true]")]
    [InlineData("{{features.visits}} {{features.none}} {{features.spend}}", "3 0 12.5")]
    [InlineData("{{profile.birthday}} {{ features.last_visit }}", "1990-02-03 2026-11-02 10:05")]
    [InlineData("{{action.name}}", "callback")]
    [InlineData("{{profile.braces}}", "{{profile.first_name}}")]
    [InlineData("{{#if profile.first_name}}Dear{{else}}Hello{{/if}}", "Dear")]
    [InlineData("{{#if profile.unknown}}Dear{{else}}Hello{{/if}}", "Hello")]
    [InlineData("{{#if profile.empty}}yes{{else}}no{{/if}}", "no")]
    [InlineData("{{#if features.none}}yes{{else}}no{{/if}}", "no")]
    [InlineData("{{#if profile.blocked}}yes{{else}}no{{/if}}", "no")]
    [InlineData("{{#unless profile.member}}join{{/unless}}!", "!")]
    [InlineData("{{#if features.visits}}{{#if profile.member}}both{{/if}}{{/if}}", "both")]
    [InlineData("{ single } }} stays", "{ single } }} stays")]
    public void Template_renders(string source, string expected) => Assert.Equal(expected, Parse(source).Render(Read));

    [Theory]
    [InlineData("de-AT", "1.234.567,5 2. November 2026 11:05")]
    [InlineData("fr", "1\u202f234\u202f567,5 2 novembre 2026 11:05")]
    [InlineData("es", "1.234.567,5 2 de noviembre de 2026 11:05")]
    [InlineData("vi", "1.234.567,5 2 tháng 11, 2026 11:05")]
    [InlineData(null, "1,234,567.5 November 2, 2026 11:05")]
    [InlineData("xx", "1234567.5 2026-11-02 11:05")]
    public void Helpers_write_in_the_readers_language_and_zone(string? locale, string expected) => Assert.Equal(
        expected,
        Parse("{{number features.big}} {{date features.last_visit}} {{time features.last_visit}}").Render(Read, new(locale, NodaTime.DateTimeZoneProviders.Tzdb["Europe/Berlin"])));

    [Theory]
    [InlineData(TemplateEscape.None, "<b>Ann & Bob <x></b>")]
    [InlineData(TemplateEscape.Html, "<b>Ann &amp; Bob &lt;x&gt;</b>")]
    [InlineData(TemplateEscape.Url, "<b>Ann%20%26%20Bob%20%3Cx%3E</b>")]
    [InlineData(TemplateEscape.Json, "<b>Ann \\u0026 Bob \\u003Cx\\u003E</b>")]
    public void Values_are_escaped_and_what_the_author_wrote_is_not(TemplateEscape escape, string expected)
    {
        Assert.True(ContentTemplate.TryParse("<b>{{profile.first_name}}</b>", out var template, out _, escape));
        Assert.Equal(expected, template.Render(Read));
    }

    [Fact]
    public void Text_over_the_limit_is_cut_between_values_and_lists_end()
    {
        var items = Value.Of([.. Enumerable.Repeat(Value.Of(new string('&', 300)), 300)]);
        Assert.True(ContentTemplate.TryParse(Repeat("{{#each profile.a}}{{this}}{{/each}}", 10), out var template, out _, TemplateEscape.Html));
        var text = template.Render(_ => items);

        Assert.InRange(text.Length, Limits.ContentCharsMax - (5 * Limits.TemplateValueCharsMax), Limits.ContentCharsMax);
        Assert.Equal("", text.Replace("&amp;", "", StringComparison.Ordinal));
        Assert.Equal(Limits.TemplateItemsMax, Parse("{{#each profile.a}}x{{/each}}").Render(_ => items).Length);
    }

    [Fact]
    public void Mistake_is_told_where_it_is()
    {
        Assert.False(ContentTemplate.TryParse("Hi {{profile.a}}, {{nobody}}", out _, out var error));
        Assert.Equal(18, error.At);
    }

    [Theory]
    [InlineData("Hi {{profile.first_name", "`{{profile.first_name` is not closed: write `}}` after it")]
    [InlineData("{{name}}", "`{{name}}` is not understood: write a name such as")]
    [InlineData("{{profile.first_name.0}}", "is not understood")]
    [InlineData("{{{profile.first_name}}}", "has a brace too many: leave it out, or put a space between")]
    [InlineData("{{{profile.first_name}}", "is not understood")]
    [InlineData("{{> partial}}", "is not understood")]
    [InlineData("{{#each profile}}x{{/each}}", "is not understood")]
    [InlineData("{{lookup profile 'a'}}", "is not understood")]
    [InlineData("{{lookup profile.a 'a'}}", "`lookup` is no helper: there are `default`, `date`, `time`, `number`, `url`")]
    [InlineData("{{profile.a 'a'}}", "`a` stands beside a name: write a helper before it")]
    [InlineData("{{default profile.a}}", "`default` needs a text")]
    [InlineData("{{number profile.a 7}}", "`7` is no number of decimals: write 0 to 6")]
    [InlineData("{{date profile.a 'd.MMM'}}", "`d.MMM` is no pattern of a date")]
    [InlineData("{{time profile.a 'H'}}", "`time` takes a name alone; leave `H` out")]
    [InlineData("{{this}}", "`this` is an item of a list: write `{{#each …}}` before it")]
    [InlineData("{{#each profile.a}}{{#each this.b}}x{{/each}}{{/each}}", "is a list within a list")]
    [InlineData("{{#each profile.a}}x{{/if}}", "`{{/if}}` closes nothing")]
    [InlineData("{{../profile.x}}", "is not understood")]
    [InlineData("\\{{profile.x}}", "a backslash cannot stand before a placeholder")]
    [InlineData("{{customer.name}}", "`customer.name` is not known: a name begins with `profile.`, `features.` or `action.`")]
    [InlineData("{{action.color}}", "`action.color` is not known: an action has `issue`")]
    [InlineData("{{#if profile.a}}x", "`{{#if}}` is not closed: write `{{/if}}` after it")]
    [InlineData("{{#if profile.a}}x{{/unless}}", "`{{/unless}}` closes nothing: write `{{#unless …}}` before it")]
    [InlineData("x{{else}}y", "`{{else}}` belongs to no choice: write `{{#if …}}` before it")]
    [InlineData("{{#if profile.a}}{{else}}{{else}}{{/if}}", "`{{else}}` belongs to no choice")]
    public void Template_with_a_mistake_is_refused_with_the_cure(string source, string expected)
    {
        Assert.False(ContentTemplate.TryParse(source, out var template, out var error));
        Assert.Null(template);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Template_over_a_limit_is_refused()
    {
        Assert.Contains("at most 4096", Error(new string('x', Limits.TemplateCharsMax + 1)), StringComparison.Ordinal);
        Assert.Contains("more than 32 placeholders", Error(Repeat("{{profile.a}}", Limits.TemplateTagsMax + 1)), StringComparison.Ordinal);
        Assert.Contains("a choice within 4 others", Error(Repeat("{{#if profile.a}}", 5) + Repeat("{{/if}}", 5)), StringComparison.Ordinal);
        Assert.Equal(Limits.TemplateCharsMax, Parse(new string('x', Limits.TemplateCharsMax)).Render(Read).Length);
    }

    [Fact]
    public void Value_over_the_limit_is_cut_but_never_within_a_pair_of_surrogates()
    {
        Assert.Equal(Limits.TemplateValueCharsMax, Parse("{{profile.long}}").Render(Read).Length);

        var pairs = "x" + Repeat("😀", 200);
        var rendered = Parse("{{profile.p}}").Render(_ => Value.Of(pairs));
        Assert.Equal(Limits.TemplateValueCharsMax - 1, rendered.Length);
        Assert.StartsWith(rendered, pairs, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_listed_once_in_order()
    {
        var template = Parse("{{#if features.visits}}{{profile.first_name}}{{profile.first_name}}{{/if}}{{action.value}}");
        Assert.Equal(["features.visits", "profile.first_name", "action.value"], template.Names.Select(name => name.ToString()));
    }

    [Fact]
    public void Random_text_never_throws_and_what_parses_renders()
    {
        const int seed = 20261121;
        string[] pieces = ["{{", "}}", "{", "}", "#if ", "/if", "else", "profile.a", "features.b", " ", "\\", "~", "!", ">", "&", "'", "\"", "@", "\n", "x", "{{#if profile.a}}", "{{/if}}", "{{else}}", "{{profile.a}}", "{{#each profile.a}}", "{{/each}}", "{{this.b}}", "{{date profile.a 'd.M.'}}", "{{number features.b 2}}"];
        var random = new Random(seed);
        var parsed = 0;
        for (var step = 0; step < 5_000; step++)
        {
            var source = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (ContentTemplate.TryParse(source, out var template, out _))
            {
                parsed++;
                var rendered = template.Render(_ => step % 2 == 0 ? Value.Of("v") : Value.Of([Value.Of("v"), Value.Of(1)]));
                Assert.False(rendered.Contains("{{", StringComparison.Ordinal), $"seed {seed}, step {step}: `{source}` rendered `{rendered}`");
            }
        }

        Assert.True(parsed > 250, $"seed {seed}: only {parsed} parsed");
    }

    [Fact]
    public void Template_of_names_alone_renders_as_Handlebars_renders_it()
    {
        const int seed = 20261122;
        var random = new Random(seed);
        string[] pieces = ["{{profile.a}}", "{{ features.b }}", "{{action.name}}", "{{profile.a-1}}", "{{profile.Count}}", " ", "\n", "<b>", "}}", "{", "ü😀", "\\", "'", "x=\"1\"", new('y', 900)];
        Value[] values =
        [
            Value.Null, Value.Of(true), Value.Of(false), Value.Of(""), Value.Of("Ann & Bob <x> ü😀 '\"`=+/"), Value.Of("half \uD83D"), Value.Of(0), Value.Of(-7), Value.Of(ulong.MaxValue),
            Value.Of(12.5), Value.Of(1e30), Value.Of(-0.0), Value.Of(double.NaN), Value.Of(double.PositiveInfinity), Value.Of(TimeSpan.FromMinutes(90)), Known["profile.birthday"],
            Known["features.last_visit"], Known["profile.address"], Known["profile.likes"], Known["profile.long"],
        ];
        var plain = 0;
        for (var step = 0; step < 2_000; step++)
        {
            var source = string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => pieces[random.Next(pieces.Length)])) + " ";
            var escape = (TemplateEscape)random.Next(4);
            if (!ContentTemplate.TryParse(source, out var template, out _, escape))
            {
                continue;
            }

            plain++;
            Assert.True(ContentTemplate.TryParse(source + "{{#if profile.a}}{{/if}}", out var whole, out _, escape));
            Value Pick(TemplateName name) => values[(name.Member.Length + step) % values.Length];
            Assert.True(whole.Render(Pick) == template.Render(Pick), $"seed {seed}, step {step}: `{source}` as {escape} rendered `{template.Render(Pick)}`, by Handlebars `{whole.Render(Pick)}`");
        }

        Assert.True(plain > 500, $"seed {seed}: only {plain} parsed");
    }

    [Theory]
    [InlineData("Look", true)]
    [InlineData("Look at {{action.name}} for {{action.value}}", true)]
    [InlineData("Look at {{action.name}}, {{profile.first_name}}", false)]
    [InlineData("{{features.visits}}", false)]
    [InlineData("{{number action.value 2}}", false)]
    public void Text_that_names_nothing_but_the_action_is_the_same_for_all(string source, bool isFixed) => Assert.Equal(isFixed, Parse(source).IsFixed);

    private static Value Order(string item, bool paid) => Value.Of(PropertyMap.Of(("item", Value.Of(item)), ("paid", Value.Of(paid))));

    private static Value Read(TemplateName name) => Known.GetValueOrDefault(name.ToString());

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static ContentTemplate Parse(string source)
    {
        Assert.True(ContentTemplate.TryParse(source, out var template, out var error), error?.Message);
        return template;
    }

    private static string Error(string source)
    {
        Assert.False(ContentTemplate.TryParse(source, out _, out var error));
        return error!.Message;
    }
}
