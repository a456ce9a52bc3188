using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class TruthTableTests
{
    // T and F hold and do not hold; E is an error of each sort that generated code treats differently.
    private static readonly (string Text, Truth Truth)[] Operands =
    [
        ("features.dropped_booking", Truth.True),
        ("!features.dropped_booking", Truth.False),
        ("profile.vip", Truth.Error),
        ("1 / (features.visits_1y - 3) > 0", Truth.Error),
        ("event.topic", Truth.Error),
        ("6 / features.visits_1y == 2", Truth.True),
        ("6 / features.visits_1y == 3", Truth.False),
    ];

    [Fact]
    public void And_or_are_commutative_and_absorb_errors_when_the_other_side_decides()
    {
        foreach (var (left, a) in Operands)
        {
            foreach (var (right, b) in Operands)
            {
                Check($"{left} && {right}", And(a, b));
                Check($"{left} || {right}", Or(a, b));
                Check($"!({left} && {right})", Not(And(a, b)));
                foreach (var (third, c) in Operands.Take(3))
                {
                    Check($"{left} && {right} || {third}", Or(And(a, b), c));
                    Check($"{left} && ({right} || {third})", And(a, Or(b, c)));
                    Check($"{left} || {right} && {third}", Or(a, And(b, c)));
                    Check($"{left} ? {right} : {third}", a switch { Truth.Error => Truth.Error, Truth.True => b, _ => c });
                }
            }
        }
    }

    [Fact]
    public void Quantifiers_over_a_list_are_chains_of_and_and_or()
    {
        foreach (var (left, a) in Operands)
        {
            foreach (var (right, b) in Operands)
            {
                Check($"[1, 2].all(x, x == 1 ? {left} : {right})", And(a, b));
                Check($"[1, 2].exists(x, x == 1 ? {left} : {right})", Or(a, b));
            }
        }
    }

    private static void Check(string text, Truth expected)
    {
        var actual = Visitor.Compile(text, CelType.Bool).Test(new Visitor());
        Assert.True(expected == actual, $"{text}: expected {expected}, got {actual}");
    }

    private static Truth And(Truth a, Truth b) => a == Truth.False || b == Truth.False ? Truth.False : a == Truth.Error || b == Truth.Error ? Truth.Error : Truth.True;

    private static Truth Or(Truth a, Truth b) => Not(And(Not(a), Not(b)));

    private static Truth Not(Truth a) => a switch { Truth.True => Truth.False, Truth.False => Truth.True, _ => Truth.Error };
}
