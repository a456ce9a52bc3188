using System.Runtime;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Testing;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>Code is made of conditions and texts before customers need it.</summary>
public sealed class WarmingTests
{
    [Fact]
    public void Of_a_strategy_that_is_warm_nothing_is_compiled_any_more_when_customers_come()
    {
        // The first run makes the code of the engine itself, the second that of a strategy.
        Compiled(isWarm: false);
        var cold = Compiled(isWarm: false);
        var warm = Compiled(isWarm: true);

        Assert.True(cold > 50, $"{cold} methods are compiled without warming");
        Assert.True(warm < cold / 10, $"{warm} of {cold} methods are compiled still");
    }

    [Fact]
    public void Warming_ends_when_it_is_told_to()
    {
        Read().Warm(CancellationToken.None);
        var strategy = Read();

        var before = JitInfo.GetCompiledMethodCount(currentThread: true);
        strategy.Warm(new CancellationToken(canceled: true));

        Assert.InRange(JitInfo.GetCompiledMethodCount(currentThread: true) - before, 0, 10);
    }

    private static long Compiled(bool isWarm)
    {
        var strategy = Read();
        var tests = TestFiles.Read(SampleStrategies.Read("bank").Files, strategy).Suite!;
        if (isWarm)
        {
            strategy.Warm(CancellationToken.None);
        }

        var before = JitInfo.GetCompiledMethodCount(currentThread: true);
        foreach (var test in tests.Cases)
        {
            Serve(test, strategy);
        }

        return JitInfo.GetCompiledMethodCount(currentThread: true) - before;
    }

    private static void Serve(TestCase test, Strategy strategy)
    {
        var ann = CustomerKey.User("bank", "ann");
        var state = CustomerState.Empty;
        foreach (var step in test.Steps)
        {
            if (step is TestStep.Happens { Event: var happened })
            {
                state = Folding.Apply(state, new RecordedEvent(state.Sequence + 1, 0, happened), strategy);
                Waking.NextAt(state, strategy, happened.ReceivedAt);
            }
            else if (step is TestStep.Look { Ask: { } ask })
            {
                Decider.Decide(ann, state, OpenOffers.Empty, strategy, ask with { Explain = ExplainLevel.None }, step.At);
            }
        }
    }

    private static Strategy Read() => StrategyCompiler.Compile(SampleStrategies.Read("bank"), 1).Strategy!;
}
