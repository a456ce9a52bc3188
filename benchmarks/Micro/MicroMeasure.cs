using System.Diagnostics;
using System.Runtime;

namespace Decisioning.Benchmarks.Micro;

/// <summary>Measures cases: quickly, for a table; a run of BenchmarkDotNet tells more.</summary>
public static class MicroMeasure
{
    // The runtime makes its best code behind the first runs, a tenth of a second after it was last busy with that.
    private static readonly TimeSpan _settled = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _settledMax = TimeSpan.FromSeconds(4);

    // Long enough for some rounds to run undisturbed.
    private static readonly TimeSpan _measured = TimeSpan.FromMilliseconds(350);
    private static readonly TimeSpan _round = TimeSpan.FromMilliseconds(2);
    private const int RoundsMin = 5;

    // The first fills caches.
    private const int AllocationRuns = 5;

    /// <summary>What one operation takes.</summary>
    public static MicroResult Measure(MicroCase one)
    {
        WarmUp(one);
        var runs = 0;
        var began = Stopwatch.GetTimestamp();
        do
        {
            GC.KeepAlive(one.Run());
            runs++;
        }
        while (Stopwatch.GetElapsedTime(began) < _round);

        var perRound = Math.Max(1, (int)(runs * (_round / Stopwatch.GetElapsedTime(began))));
        var (best, bytes) = (double.MaxValue, long.MaxValue);
        began = Stopwatch.GetTimestamp();
        for (var round = 0; round < RoundsMin || Stopwatch.GetElapsedTime(began) < _measured; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < perRound; i++)
            {
                GC.KeepAlive(one.Run());
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        var operations = (double)perRound * one.Operations;
        return new(one.Name, best / operations, bytes / operations);
    }

    // Until no code was made for a while.
    private static void WarmUp(MicroCase one)
    {
        var (began, methods) = (Stopwatch.GetTimestamp(), -1L);
        for (var since = began; Stopwatch.GetElapsedTime(since) < _settled && Stopwatch.GetElapsedTime(began) < _settledMax;)
        {
            GC.KeepAlive(one.Run());
            if (JitInfo.GetCompiledMethodCount() is var now && now != methods)
            {
                (since, methods) = (Stopwatch.GetTimestamp(), now);
            }
        }
    }

    /// <summary>
    /// The bytes that one operation allocates, in a process whose code is as good as it gets from the start (<see cref="Allocations"/>): elsewhere they depend on how far the
    /// runtime has come with it.
    /// </summary>
    public static double Allocated(MicroCase one)
    {
        var least = long.MaxValue;
        for (var run = 0; run < AllocationRuns; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            GC.KeepAlive(one.Run());
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (double)least / one.Operations;
    }
}
