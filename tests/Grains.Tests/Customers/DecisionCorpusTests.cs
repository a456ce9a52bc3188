using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Customers;

/// <summary>The corpus once more, through grains, the log and a strategy that is published while the silo runs.</summary>
public sealed class DecisionCorpusTests(TestEngine engine) : IClassFixture<TestEngine>
{
    // Decision ids in the cases are made of this tenant and the case's name.
    private const string Tenant = "default";

    public static TheoryData<string> Cases { get; } = [.. DecisionCases.Names];

    [Theory, MemberData(nameof(Cases))]
    public async Task Case_comes_out_as_written(string name)
    {
        var given = DecisionCases.Read(name);
        var files = given.Source.Files.Select(file => new StrategyFile(file.Key, file.Value));
        var published = await engine.Grains.GetGrain<IStrategyGrain>(Tenant).PublishAsync(new PublishStrategy([.. files], ""));
        Assert.Empty(published.Mistakes);

        var customer = engine.Customer(Tenant, name);
        foreach (var (index, step) in given.Steps.Index())
        {
            switch (step)
            {
                case CaseStep.Record record:
                    engine.Clock.Now = record.Events[^1].ReceivedAt;
                    var reply = await customer.RecordAsync(record.Events);
                    Assert.All(reply.Outcomes, outcome => Assert.Equal(record.Status, outcome.Status));
                    break;
                case CaseStep.Ask ask:
                    engine.Clock.Now = ask.At;
                    var answer = await customer.Grain.DecideAsync(new DecideRequest(ask.Request));
                    Assert.True(!ask.Expected.Differences(answer.Decision!).Any(), $"step {index}: {string.Join('\n', ask.Expected.Differences(answer.Decision!))}");
                    break;
            }
        }
    }
}
