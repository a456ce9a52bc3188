using Decisioning.Engine.Arbitration;
using Xunit;

namespace Decisioning.Engine.Tests.Arbitration;

public sealed class HighestPriorityTests
{
    [Theory]
    [InlineData("priority 3 before 2", 3, 1, 9, 2, 5, 1)]
    [InlineData("equal priority: value 5 before 1", 3, 5, 9, 3, 1, 1)]
    [InlineData("equal priority and value: the name", 3, 5, 1, 3, 5, 9)]
    [InlineData("priority 0 before negative", 0, 1, 9, -1, 5, 1)]
    public void First_entrant_of_the_row_goes_first_wherever_it_stands(
        string row, double priority1, double value1, int name1, double priority2, double value2, int name2)
    {
        var policy = ArbitrationPolicies.ByName["highest-priority"];
        var first = new Entrant(1, priority1, value1, name1);
        var second = new Entrant(2, priority2, value2, name2);

        Assert.True(policy.Pick([first, second], 0) == new ArbitrationPick(0, 1), row);
        Assert.True(policy.Pick([second, first], 0) == new ArbitrationPick(1, 1), row);
        Assert.True(policy.Pick([second, second, first, second], 0) == new ArbitrationPick(2, 1), row);
    }

    [Fact]
    public void Default_is_the_highest_priority() => Assert.IsType<HighestPriority>(ArbitrationPolicies.Default);
}
