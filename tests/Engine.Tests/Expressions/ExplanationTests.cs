using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class ExplanationTests
{
    [Theory]
    [InlineData("profile.nps > 4", "`profile.nps` is missing (null)")]
    [InlineData("now - features.last_visit > duration('1d')", "`features.last_visit` is missing (null)")]
    [InlineData("10 / (features.visits_1y - 3) > 1", "`10 / (features.visits_1y - 3)` divides by zero")]
    [InlineData("event.topic > 3", "`event.topic > 3` has a value of a type that does not fit here")]
    [InlineData("profile.labels.weight == 'x'", "`profile.labels.weight` asks for a key that is not there; ask with `has(…)` or `in` first")]
    [InlineData("profile.numbers[7] == 1", "`profile.numbers[7]` asks for an element beyond the list")]
    [InlineData("features.visits_1y > 2", null)]
    public void A_condition_that_cannot_be_told_says_why(string text, string? reason) =>
        Assert.Equal(reason, Visitor.Compile(text, CelType.Bool).Explain(new Visitor { LastVisit = null }));

    [Fact]
    public void An_expression_knows_what_it_reads_and_calls()
    {
        var expression = Visitor.Compile("event.price > 1.0 && grade(\"lead\") >= \"mql\" && age(now) > 1 && event.price < 99.0 && has(profile.nps) && profile.tags.exists(t, t == device.type)", CelType.Bool);
        Assert.Equal(["event.price", "grade(lead)", "now", "profile.nps", "profile.tags", "device.type"], expression.Reads);
        Assert.Equal(["age"], expression.Calls);
    }

    [Fact]
    public void An_explanation_shows_every_value_that_was_seen()
    {
        var expression = Visitor.Compile("event.price > 1.0 || profile.nps > 3 || grade(\"lead\") == \"sql\" || 'x' in profile.tags || features.dropped_booking", CelType.Bool);
        Assert.Equal(
            [
                ("event.price", Value.Of(12.5)),
                ("profile.nps", Value.Null),
                ("grade(lead)", Value.Of("mql")),
                ("profile.tags", Value.Of([Value.Of("hot"), Value.Of("new")])),
                ("features.dropped_booking", Value.Of(true)),
            ],
            expression.Describe(new Visitor(), new()));
    }

    [Fact]
    public void A_condition_on_typed_values_allocates_nothing()
    {
        var visitor = new Visitor();
        var expressions = new[]
        {
            "features.visits_1y >= 3 && features.spend_1y > 200.0 && device.type == 'mobile'",
            "now - features.last_visit > duration('180d') || profile.nps > 4",
            "device.type in ['app', 'web', 'mobile'] && profile.plan != null && grade(\"lead\") >= \"mql\"",
            "10 / (features.visits_1y - 3) > 1",
        }.Select(text => Visitor.Compile(text, CelType.Bool)).ToList();
        expressions.ForEach(expression => expression.Test(visitor));

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var expression in expressions)
        {
            expression.Test(visitor);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_extended_schema_adds_names_and_leaves_the_base_as_it_was()
    {
        var extended = Visitor.Schema.Extend().Variable("order.total", CelType.Double, v => v.Spend).Build();
        Assert.True(ExpressionCompiler.Compile("order.total > 1.0 && features.visits_1y > 1", extended, CelType.Bool).TryGet(out _));
        Assert.False(ExpressionCompiler.Compile("order.total > 1.0", Visitor.Schema, CelType.Bool).TryGet(out _));
        Assert.Equal(CelType.Double, extended.TypeOf("order.total"));
    }
}
