using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class LawTests
{
    private const int Seed = 20_261_121;

    private static readonly string[] Types = ["bool", "int", "uint", "double", "string", "timestamp", "duration", "list"];

    private static readonly ExpressionOptions Typed = new() { RefuseConstantConditions = false };

    private static readonly ExpressionOptions Untyped = new() { Unchecked = true };

    [Fact]
    public void What_is_printed_parses_to_the_same_tree()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new RandomExpressions(Seed);
        for (var i = 0; i < 3_000; i++)
        {
            var printed = Printer.Print(random.Any(4));
            var parsed = Parser.Parse(printed, out var error);
            Assert.True(parsed is not null, $"{printed}: {error}");
            Assert.Equal(printed, Printer.Print(parsed));
        }
    }

    [Fact]
    public void Brackets_are_printed_where_the_tree_needs_them_and_nowhere_else()
    {
        foreach (var text in new[] { "(a + b) * c", "a + b * c", "a - (b - c)", "!(a && b)", "(a ? b : c) ? d : e", "a ? b : c ? d : e", "-(1)", "-1", "-(-1)", "(a || b) && c", "-a.b", "(-a).b", "[1, -2.0]" })
        {
            Assert.Equal(text, Printer.Print(Parser.Parse(text, out _)!));
        }
    }

    [Fact]
    public void Typed_code_and_dynamic_code_give_the_same()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new RandomExpressions(Seed);
        var visitors = new[] { new Visitor(), new Visitor { Visits = 0, Vip = true, Nps = 7, Weight = 1.5, Dropped = false } };
        var failures = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var text = random.Typed(Types[i % Types.Length], 3);
            var typed = Visitor.Compile(text, options: Typed);
            var dynamic = Visitor.Compile(text, options: Untyped);
            foreach (var visitor in visitors)
            {
                var (fails, failsToo) = (typed.Run(visitor, out var a) != 0, dynamic.Run(visitor, out var b) != 0);
                Assert.True(fails == failsToo && (fails || DynText.Literal(a) == DynText.Literal(b)), $"{text}: typed {Outcome(fails, a)}, dynamic {Outcome(failsToo, b)}");
                failures += fails ? 1 : 0;
            }
        }

        Assert.InRange(failures, 100, 1_800);
    }

    private static string Outcome(bool fails, Dyn value) => fails ? "fails" : DynText.Literal(value);
}
