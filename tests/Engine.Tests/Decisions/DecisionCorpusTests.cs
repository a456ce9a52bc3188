using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Tests.Shared;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class DecisionCorpusTests
{
    public static TheoryData<string> Cases { get; } = [.. DecisionCases.Names];

    [Theory, MemberData(nameof(Cases))]
    public void Case_comes_out_as_written(string name)
    {
        var given = DecisionCases.Read(name);
        var (strategy, errors) = StrategyCompiler.Compile(given.Source, 1);
        Assert.True(strategy is not null, string.Join('\n', errors));

        var key = CustomerKey.User("default", name);
        var (state, offers) = (CustomerState.Empty, OpenOffers.Empty);
        foreach (var (index, step) in given.Steps.Index())
        {
            switch (step)
            {
                case CaseStep.Record record:
                    foreach (var e in record.Events)
                    {
                        var recording = Recorder.Plan(state, [e], strategy, e.ReceivedAt);
                        Assert.True(recording.Outcomes[0].Status == record.Status, $"step {index}: {recording.Outcomes[0]} {string.Join(' ', recording.Outcomes[0].Violations)}");
                        state = recording.Next;
                        offers = e.Response is { } response ? offers.Answered(response) : offers;
                    }

                    break;
                case CaseStep.Ask ask:
                    var decision = Decider.Decide(key, state, offers, strategy, ask.Request, ask.At);
                    Assert.True(!ask.Expected.Differences(decision).Any(), $"step {index}: {string.Join('\n', ask.Expected.Differences(decision))}");
                    offers = ask.Request.DryRun ? offers : offers.With(decision);
                    break;
            }
        }
    }
}
