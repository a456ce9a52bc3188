using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests;

public sealed class SteadyClockTests
{
    [Fact]
    public void It_goes_with_the_timestamps_however_the_wall_clock_is_set()
    {
        var set = new SetClock();
        var steady = new SteadyClock(set);

        set.Timestamps.Advance(TimeSpan.FromMinutes(5));
        set.Wall = TestClock.Start - TimeSpan.FromHours(1);
        Assert.Equal(TestClock.Start + TimeSpan.FromMinutes(5), steady.GetUtcNow());

        set.Timestamps.Advance(TimeSpan.FromMinutes(1));
        set.Wall = TestClock.Start + TimeSpan.FromDays(400);
        Assert.Equal(TestClock.Start + TimeSpan.FromMinutes(6), steady.GetUtcNow());
        Assert.Equal(set.GetTimestamp(), steady.GetTimestamp());
    }

    /// <summary>A clock whose hands somebody sets while its timestamps go on.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TestClock Timestamps { get; } = new();

        public DateTimeOffset Wall { get; set; } = TestClock.Start;

        public override long TimestampFrequency => Timestamps.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Timestamps.GetTimestamp();
    }
}
