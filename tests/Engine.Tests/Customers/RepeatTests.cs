using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Customers;

public sealed class RepeatTests
{
    [Theory]
    [InlineData("the clock corrected differently", 5, true)]
    [InlineData("another time said              ", 0, false)]
    public void An_event_whose_time_was_corrected_is_a_repeat_if_its_sender_said_the_same(string again, int correctedBy, bool isRepeat)
    {
        var first = History.Event("Product Viewed", History.Start, "m1") with { SaidAt = History.Start.AddHours(1), ReceivedAt = History.Start.AddMinutes(1) };
        var second = first with { Timestamp = History.Start.AddSeconds(correctedBy), SaidAt = isRepeat ? first.SaidAt : History.Start, ReceivedAt = History.Start.AddMinutes(9) };
        Assert.True(isRepeat == (Recorder.ContentHash(first) == Recorder.ContentHash(second)), again);
    }

    [Theory]
    [InlineData("the same time             ", true, 0, true)]
    [InlineData("another time              ", true, 1, false)]
    [InlineData("no time, so when we got it", false, 1, true)]
    public void An_event_sent_again_is_a_repeat_if_its_sender_said_the_same(string again, bool saysWhen, int minutesLater, bool isRepeat)
    {
        var first = History.Event("Product Viewed", History.Start, "m1", ("price", Value.Of(20.0)));
        var at = History.Start.AddMinutes(minutesLater);
        var second = first with { Timestamp = at, ReceivedAt = saysWhen ? History.Start.AddMinutes(9) : at };

        Assert.True(
            isRepeat == (Recorder.ContentHash(saysWhen ? first with { ReceivedAt = History.Start.AddMinutes(5) } : first) == Recorder.ContentHash(second)), again);
    }
}
