using System.Text.RegularExpressions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Patterns;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class PatternTests
{
    private const int Seed = 20_261_122;

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "any", true)]
    [InlineData("ubb", "hubba", true)]
    [InlineData("^ubb", "hubba", false)]
    [InlineData("a$", "a\n", false)]
    [InlineData("(?m)a$", "a\nb", true)]
    [InlineData("(?m)^b", "a\nb", true)]
    [InlineData("\\Aa\\z", "a", true)]
    [InlineData("a.c", "a\nc", false)]
    [InlineData("(?s)a.c", "a\nc", true)]
    [InlineData("^.$", "\U0001F600", true)]
    [InlineData("(a|\U0001F600){2}", "\U0001F431\U0001F600\U0001F600", true)]
    [InlineData("a+ñ+a+", "mañana", true)]
    [InlineData("^(?i)straße$", "STRAßE", true)]
    [InlineData("^(?i:A)b$", "aB", false)]
    [InlineData("^(?i:A)b$", "ab", true)]
    [InlineData("^\\d+$", "١٢", false)]
    [InlineData("^\\p{Nd}+$", "١٢", true)]
    [InlineData("^\\pL+$", "Übung", true)]
    [InlineData("^\\P{L}+$", "12-!", true)]
    [InlineData("^[\\pL\\d_-]+$", "Ü1_-", true)]
    [InlineData("^[^\\s,]+$", "a b", false)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData("^[a\\]]+$", "]a", true)]
    [InlineData("^[[:alpha:]]+$", "abC", true)]
    [InlineData("^[[:^alpha:]]+$", "abC", false)]
    [InlineData("^\\x41\\x{1F600}$", "A\U0001F600", true)]
    [InlineData("\\bfoo\\b", "a foo b", true)]
    [InlineData("\\bfoo\\b", "afoo", false)]
    [InlineData("\\Boo", "foo", true)]
    [InlineData("^a{2,3}$", "aaaa", false)]
    [InlineData("^a{2,}$", "aaaa", true)]
    [InlineData("^a{0}$", "", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("^(?:a*)*b$", "aaab", true)]
    [InlineData("^\\Qa.b*\\E+$", "a.b**", true)]
    [InlineData("(?P<user>[^@]+)@(?<host>.+)", "a@b", true)]
    [InlineData("a|b|", "x", true)]
    public void A_pattern_matches_what_RE2_matches(string pattern, string text, bool expected)
    {
        Assert.True(Pattern.TryRead(pattern, out var read, out var problem), problem);
        var steps = 0;

        Assert.Equal((Fault.None, expected), (read!.IsMatch(text, ref steps, out var matches), matches));
    }

    [Theory]
    [InlineData("(a{1000}){1000}", "more than 2000 parts")]
    [InlineData("((a{1,100}){1,100}){1,100}", "more than 2000 parts")]
    [InlineData("(((){0,1000}){1000}){1000}", "more than 2000 parts")]
    [InlineData("a{1001}", "up to 1000")]
    [InlineData("a{99999999999}", "up to 1000")]
    [InlineData("a{3,2}", "from more to less")]
    [InlineData("(a", "not closed")]
    [InlineData("a)", "has no `(`")]
    [InlineData("[a", "not closed")]
    [InlineData("[b-a]", "backwards")]
    [InlineData("*a", "nothing before it")]
    [InlineData("a**", "another repeat")]
    [InlineData("(a)\\1", "reference back")]
    [InlineData("(?=a)", "looking ahead")]
    [InlineData("(?<!a)", "looking ahead or behind")]
    [InlineData("a\\Z", "`\\z`")]
    [InlineData("\\y", "means nothing")]
    [InlineData("\\p{Klingon}", "no category")]
    [InlineData("[[:foo:]]", "`[:alpha:]`")]
    [InlineData("\\x4", "hexadecimal")]
    [InlineData("a\\", "at the end")]
    [InlineData("(?x)a", "not known")]
    public void A_pattern_that_cannot_be_used_is_refused_with_the_reason(string pattern, string reason)
    {
        Assert.False(Pattern.TryRead(pattern, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(.*a.{400})*b")]
    [InlineData("((.a?){0,14}){0,14}b")]
    [InlineData("(a{100}){19}")]
    [InlineData("(a+)+$")]
    [InlineData("(x+x+)+y")]
    public void No_pattern_takes_more_steps_than_an_evaluation_may(string pattern)
    {
        Assert.True(Pattern.TryRead(pattern, out var read, out var problem), problem);
        foreach (var text in new[] { new string('a', 100_000), new string('x', 100_000), string.Concat(Enumerable.Repeat("ab", 50_000)) })
        {
            var steps = 0;
            var fault = read!.IsMatch(text, ref steps, out _);

            Assert.InRange(steps, 0, ExpressionLimits.IterationsMax + ExpressionLimits.PatternStatesMax);
            Assert.Equal(fault == Fault.TooManySteps, steps > ExpressionLimits.IterationsMax);
        }
    }

    [Fact]
    public void Random_patterns_match_as_those_of_dotnet_do()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var (matched, count) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var pattern = (random.Next(3) == 0 ? "^" : "") + RandomPattern(random, 3) + (random.Next(3) == 0 ? "\\z" : "");
            Assert.True(Pattern.TryRead(pattern, out var read, out var problem), $"{pattern}: {problem}");
            var reference = new Regex($"(?:{pattern})", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
            for (var j = 0; j < 5; j++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => "abcé1 "[random.Next(6)]));
                var steps = 0;
                Assert.Equal(Fault.None, read!.IsMatch(text, ref steps, out var matches));
                Assert.True(reference.IsMatch(text) == matches, $"`{pattern}` on `{text}`: {matches}");
                matched += matches ? 1 : 0;
                count++;
            }
        }

        Assert.InRange(matched, count / 10, count * 9 / 10);
    }

    private static string RandomPattern(Random random, int depth)
    {
        string Deeper() => RandomPattern(random, depth - 1);
        return depth == 0 || random.Next(5) == 0
            ? random.Next(8) switch { 0 => "a", 1 => "b", 2 => "é", 3 => ".", 4 => "[ab]", 5 => "[^a1]", 6 => "[0-9]", _ => "c" }
            : random.Next(7) switch
            {
                0 => $"(?:{Deeper()})*",
                1 => $"(?:{Deeper()})+",
                2 => $"(?:{Deeper()})?",
                3 => $"(?:{Deeper()}){{1,3}}",
                4 => $"(?:{Deeper()}|{Deeper()})",
                _ => Deeper() + Deeper(),
            };
    }
}
