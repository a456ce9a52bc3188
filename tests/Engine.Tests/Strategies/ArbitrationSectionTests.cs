using Decisioning.Engine.Arbitration;

namespace Decisioning.Engine.Tests.Strategies;

public sealed class ArbitrationSectionTests
{
    [Theory]
    [InlineData("{ priority: «propensity * value * luck }", "`luck` is no part of a priority; write a product of `propensity`, `context_weight`, `value` and `lever`, such as `propensity * value`")]
    [InlineData("{ priority: «propensty * value }", "`propensty` is no part of a priority; did you mean `propensity`?")]
    [InlineData("{ priority: «value * lever * value }", "`value` is there twice; write it once")]
    [InlineData("{ priority: «value + lever }", "`value + lever` is no part of a priority")]
    [InlineData("{ policy: «fair }", "unknown value `fair` of `policy`; write one of `priority`, `value`, `goals` and `random`")]
    [InlineData("{ explore: «1.5 }", "`1.5` is out of bounds; between 0 and 1 is allowed")]
    [InlineData("{ policy: random, «explore: 0.1 }", "`explore` does nothing with `policy: random`, where everything is left to chance already; leave it out")]
    [InlineData("{ policy: random, «priority: value }", "`priority` does nothing with `policy: random`, where nothing is ranked; leave it out")]
    [InlineData("«{ policy: goals }", "`goals` is missing; write what each goal weighs, such as `goals: { revenue: 0.7, loyalty: 0.3 }`")]
    [InlineData("{ policy: goals, goals: { «fame: 1 } }", "unknown goal `fame`; say under an action's `goals` what it brings to it")]
    [InlineData("{ «goals: { fame: 1 } }", "`goals` are weighed with `policy: goals` only; write that too, or leave them out")]
    [InlineData("{ «explor: 0.1 }", "unknown key `explor`; did you mean `explore`?")]
    public void A_mistake_is_reported_at_its_place_with_its_cure(string marked, string message)
    {
        var (text, places) = Fragments.Unmark($"arbitration: {marked}");
        var (strategy, errors) = Fragments.CompilePiece(text);

        Assert.Null(strategy);
        var error = Assert.Single(errors);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(places), $"{error.Line}:{error.Column}");
    }

    [Theory]
    [InlineData("{ }", PriorityParts.All, "priority", 0)]
    [InlineData("{ priority: propensity * context_weight * value * lever, explore: 0.05 }", PriorityParts.All, "priority", 0.05)]
    [InlineData("{ priority: lever*value, policy: value }", PriorityParts.Value | PriorityParts.Lever, "value", 0)]
    [InlineData("{ policy: random }", PriorityParts.All, "random", 0)]
    public void Settings_are_as_written(string written, PriorityParts parts, string policy, double explore)
    {
        var settings = Fragments.Compiled($"arbitration: {written}").Arbitration;
        Assert.Equal((parts, policy, explore), (settings.Parts, settings.Policy.Name, settings.Explore));
    }
}
