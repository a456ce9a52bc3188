namespace Decisioning.Gateway.Tests.Support;

/// <summary>A clock that tests set; timers run in real time.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks = Events.Now.UtcTicks;

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public override DateTimeOffset GetUtcNow() => Now;
}
