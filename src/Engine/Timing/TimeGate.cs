namespace Decisioning.Engine.Timing;

/// <summary>
/// What some items read of the time: one source, or what a test says of the clock. Before it changes none of them needs to be asked for its sake; of hundreds
/// of rules a handful reads what changes within the hours that are searched.
/// </summary>
/// <param name="source">The source; null for a test of the clock.</param>
/// <param name="clock">The test of the clock, which most hours say nothing to.</param>
/// <param name="words">How many words a bitset of items has.</param>
internal sealed class TimeGate(TimeSource? source, TimedTest? clock, int words)
{
    /// <summary>The items behind it, as a bitset.</summary>
    public ulong[] Items { get; } = new ulong[words];

    /// <summary>The first instant after the one looked at at which it may read differently.</summary>
    public DateTimeOffset Next(TimeView view) => source is not null ? source.Next(view) : view.Next(clock!);
}
