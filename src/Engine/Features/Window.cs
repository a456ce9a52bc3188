using System.Numerics;

namespace Decisioning.Engine.Features;

/// <summary>
/// A sliding window. Its buckets are the largest power of two of ticks that is not above a 64th of its length, and start at
/// multiples of that width from 1970; so the buckets of a longer window are made of whole buckets of a shorter one, and several
/// windows read one list. A bucket is in the window while its start is: what is younger than 63/64 of the window is in, nothing
/// older than the window is, and what lies between is in or out by whole buckets.
/// </summary>
/// <param name="Length">How far it reaches back, in ticks.</param>
/// <param name="Exponent">The width of its buckets is 2^Exponent ticks.</param>
internal readonly record struct Window(long Length, int Exponent)
{
    // 1,000 years: the arithmetic below stays far from overflow at the ends of the calendar.
    private const long LengthMax = 1_000L * 366 * TimeSpan.TicksPerDay;

    // 2^14 ticks wide buckets: the low bits of their starts are free for what the distinct values keep there.
    private const long LengthMin = Limits.WindowBuckets << 14;

    public static Window Of(TimeSpan within) => Of(Math.Clamp(within.Ticks, LengthMin, LengthMax));

    private static Window Of(long length) => new(length, BitOperations.Log2((ulong)(length / Limits.WindowBuckets)));

    /// <summary>A window of twice the length.</summary>
    public Window Doubled => Of(Length * 2);

    /// <summary>The first instant of the bucket an instant lies in.</summary>
    public long Start(long at) => at >> Exponent << Exponent;

    /// <summary>The first instant that is in the window at an instant.</summary>
    public long From(long now) => (((now - Length) >> Exponent) + 1) << Exponent;

    /// <summary>From when the bucket an instant lies in is out of the window.</summary>
    public long LeavesAt(long at) => Start(at) + Length;
}
