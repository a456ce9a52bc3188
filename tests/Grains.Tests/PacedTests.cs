using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests;

public sealed class PacedTests
{
    [Fact]
    public void One_caller_is_let_through_in_each_interval_the_first_at_once()
    {
        var clock = new TestClock();
        var paced = new Paced(clock, TimeSpan.FromSeconds(1));
        var due = new List<bool>();
        foreach (var milliseconds in new[] { 0, 0, 999, 1, 0, 5000 })
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            due.Add(paced.IsDue());
        }

        Assert.Equal([true, false, false, true, false, true], due);
    }
}
