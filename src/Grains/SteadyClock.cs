namespace Decisioning.Grains;

/// <summary>
/// A clock that never goes back: it tells what another told when this one was made, and the time passed since by the other's timestamps. For those
/// who cannot bear a time before the last one they saw, and to whom it does not matter what the time really is.
/// </summary>
/// <param name="clock">Where it begins, and whose timestamps and timers it has.</param>
internal sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _startTimestamp = clock.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + clock.GetElapsedTime(_startTimestamp);

    /// <inheritdoc/>
    public override long GetTimestamp() => clock.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
