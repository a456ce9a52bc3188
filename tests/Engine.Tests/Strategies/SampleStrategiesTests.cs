using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Tests.Strategies;

public sealed class SampleStrategiesTests
{
    [Theory]
    [InlineData("retail")]
    [InlineData("clinic")]
    public void Sample_strategies_compile_without_a_mistake(string name)
    {
        var (strategy, errors) = StrategyCompiler.Compile(SampleStrategies.Read(name), 1);

        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        Assert.Equal(name, strategy!.Name);
    }
}
