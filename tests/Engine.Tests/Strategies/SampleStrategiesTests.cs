using Decisioning.Engine.Features;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Linting;

namespace Decisioning.Engine.Tests.Strategies;

public sealed class SampleStrategiesTests
{
    [Theory]
    [InlineData("retail")]
    [InlineData("clinic")]
    [InlineData("bank")]
    public void Sample_strategies_compile_without_a_mistake(string name)
    {
        var (strategy, errors) = StrategyCompiler.Compile(SampleStrategies.Read(name), 1);

        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        Assert.Equal(name, strategy!.Name);
    }

    [Theory]
    [InlineData("retail")]
    [InlineData("clinic")]
    [InlineData("bank")]
    public void A_sample_has_no_finding(string name) =>
        Assert.Equal("", string.Join('\n', StrategyLinter.Lint(SampleStrategies.Read(name), new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero)).Findings));

    [Fact]
    public void The_shop_says_everything_the_engine_understands()
    {
        var (strategy, _) = StrategyCompiler.Compile(SampleStrategies.Read("retail"), 1);

        Assert.Equal(["find", "entice", "conquer", "connect"], strategy!.Stages.Select(stage => stage.Name));
        Assert.True(strategy.Rules.Length >= 8 && strategy.Actions.Length >= 20, $"{strategy.Rules.Length} rules, {strategy.Actions.Length} actions");
        Assert.Equal(Enum.GetValues<LayerKind>(), strategy.Rules.SelectMany(rule => rule.Layers).Select(layer => layer.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<FeatureKind>(), strategy.Features.Select(feature => feature.Kind).Distinct().Order());
        Assert.True(strategy.Actions.Select(action => action.Issue).Distinct().Count() >= 3);
        foreach (var slot in ((string, string)[])[("web", "hero"), ("web", "banner"), ("email", "inbox"), ("app", "home"), ("agent", "next-offer")])
        {
            Assert.True(strategy.Actions.Count(action => action.Treatments.Any(treatment => (treatment.Channel, treatment.Placement) == slot)) > 1, $"{slot} has one action at most");
        }
    }

    [Theory]
    [InlineData("orders", FeatureKind.Count, "Order Completed")]
    [InlineData("units", FeatureKind.Sum, "Order Completed")]
    [InlineData("gross", FeatureKind.Sum, "Order Completed")]
    [InlineData("first_order", FeatureKind.FirstValue, "Order Completed")]
    [InlineData("last_order", FeatureKind.Last, "Order Completed")]
    [InlineData("cancels", FeatureKind.Count, "Order Cancelled")]
    [InlineData("net", FeatureKind.Sum, "Order Cancelled,Order Completed")]
    public void The_shop_counts_the_whole_history_of_orders(string name, FeatureKind kind, string events)
    {
        var (strategy, _) = StrategyCompiler.Compile(SampleStrategies.Read("retail"), 1);

        var feature = Assert.Single(strategy!.Features, feature => feature.Name == name);
        Assert.Equal((kind, events, null), (feature.Kind, string.Join(',', feature.Events), feature.Within));
    }
}
