using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Strategies;

namespace Decisioning.Engine.Tests.Customers;

public sealed class ResponseByNameTests
{
    private static readonly Strategy Retail = StrategyCompiler.Compile(SampleStrategies.Read("retail"), 1).Strategy!;
    private static readonly string Action = Retail.Actions[0].Name;

    [Fact]
    public void A_response_that_names_an_action_only_gets_its_issue_and_group()
    {
        var recording = CustomerState.Empty.Record(Retail, Response(Action));
        var recorded = recording.Accepted.Single().Event;
        Assert.Equal((Retail.Actions[0].Issue, Retail.Actions[0].Group), (recorded.Response!.Issue, recorded.Response.Group));
        Assert.Equal((Retail.Actions[0].Issue, Retail.Actions[0].Group), (recorded.Properties["issue"].AsString(), recorded.Properties["group"].AsString()));
        Assert.Equal(Retail.Actions[0].Group, recording.Next.Contacts.Single().Group);
        Assert.Equal(RecordStatus.Duplicate, recording.Next.Record(Retail, Response(Action)).Outcomes.Single().Status);
    }

    [Theory]
    [InlineData("no-such-action", RecordStatus.Rejected)]
    [InlineData("", RecordStatus.Rejected)]
    public void A_response_that_names_no_action_of_the_strategy_is_rejected(string action, RecordStatus expected)
    {
        var outcome = CustomerState.Empty.Record(Retail, Response(action)).Outcomes.Single();
        Assert.Equal((expected, "action"), (outcome.Status, outcome.Violations.Single().Field));
    }

    [Fact]
    public void A_misspelt_action_is_answered_with_the_one_meant() =>
        Assert.Contains($"did you mean `{Action}`?", CustomerState.Empty.Record(Retail, Response(Action[..^1])).Outcomes.Single().Violations.Single().Description, StringComparison.Ordinal);

    [Fact]
    public void A_response_to_an_action_the_strategy_no_longer_has_counts_by_its_token() =>
        Assert.Equal(RecordStatus.Applied, CustomerState.Empty.Record(Retail, History.Response(History.Start, "m1", "gone", Outcome.Clicked)).Outcomes.Single().Status);

    private static CustomerEvent Response(string action)
    {
        var e = History.Response(History.Start, "m1", action, Outcome.Impression);
        return e with { Response = e.Response! with { Issue = "", Group = "" } };
    }
}
