using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Tests.Expressions;

/// <summary>Expressions that nobody means: each compiles or is refused with a place inside of its text, and nothing throws or goes on without end.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20_261_123;
    private const int PerKind = 25_000;

    private static readonly string[] Types = ["bool", "int", "uint", "double", "string", "timestamp", "duration", "list"];

    private static readonly ExpressionOptions Lenient = new() { RefuseConstantConditions = false };

    [Fact]
    public void Pieces_in_any_order_compile_or_are_refused_with_a_place() => Run(0, (random, i) => random.Soup(1 + (i % 30)), compiledAtLeast: 0);

    [Fact]
    public void Trees_of_any_shape_compile_or_are_refused_with_a_place() => Run(1, (random, _) => Printer.Print(random.Any(4)), compiledAtLeast: 50);

    [Fact]
    public void Expressions_broken_at_random_compile_or_are_refused_with_a_place() => Run(2, (random, i) => random.Mutated(random.Typed(Types[i % Types.Length], 3)), compiledAtLeast: 1_000);

    [Fact]
    public void Expressions_put_together_at_random_compile_or_are_refused_with_a_place() => Run(3, (random, i) => random.Typed(Types[i % Types.Length], 2 + (i % 3)), compiledAtLeast: 15_000);

    private static void Run(int kind, Func<RandomExpressions, int, string> next, int compiledAtLeast)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed + kind}");
        var random = new RandomExpressions(Seed + kind);
        var visitor = new Visitor();
        var compiled = 0;
        for (var i = 0; i < PerKind; i++)
        {
            var text = next(random, i);
            var compilation = ExpressionCompiler.Compile(text, Visitor.Schema, CelType.Dyn, Lenient);
            if (compilation.TryGet(out var expression))
            {
                // Making code is the slow part: every tenth runs, unless the kind seldom compiles at all.
                if (compiled++ % 10 == 0 || compiledAtLeast == 0)
                {
                    var holds = expression.TryValue(visitor, out _);
                    Assert.Equal(holds, expression.Explain(visitor) is null);
                }

                continue;
            }

            var lines = text.Split('\n');
            Assert.NotEmpty(compilation.Errors);
            Assert.All(compilation.Errors, error => Assert.True(
                error.Line >= 1 && error.Line <= lines.Length && error.Column >= 1 && error.Column <= lines[error.Line - 1].Length + 1 && error.Length >= 1 && !error.Message.Contains('\n', StringComparison.Ordinal),
                $"{text}: {error}"));
        }

        Assert.InRange(compiled, compiledAtLeast, PerKind);
    }
}
