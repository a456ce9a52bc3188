using System.Diagnostics;
using System.Runtime.InteropServices;
using Grpc.Core;

namespace Decisioning.Benchmarks;

/// <summary>What a load saw.</summary>
/// <param name="PerSecond">Answers per second.</param>
/// <param name="Milliseconds">Of each answer, how long it took; in ascending order.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LoadResult(double PerSecond, double[] Milliseconds)
{
    public double P50 => Milliseconds[Milliseconds.Length / 2];

    public double P99 => Milliseconds[(int)(Milliseconds.Length * 0.99)];

    /// <summary>The faster one: what else runs on the machine only ever takes away.</summary>
    public static LoadResult Better(LoadResult left, LoadResult right) => left.PerSecond >= right.PerSecond ? left : right;
}

/// <summary>Callers of a gRPC service: so many at once, each asking again once it is answered, or asking at a given rate whatever the answers do.</summary>
internal static class TrackLoad
{
    /// <summary>Streams at once.</summary>
    public const int Streams = 16;

    /// <summary>Requests of one stream under way at once: the engine's default.</summary>
    public const int InFlight = GrainEchoService.InFlight;

    /// <summary>Unary callers, each with one call at a time.</summary>
    public static async Task<LoadResult> UnaryAsync(int callers, TimeSpan duration, Func<long, Task> call)
    {
        var number = -1L;
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var started = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            List<double> milliseconds = new(1 << 14);
            while (Stopwatch.GetTimestamp() is var asked && asked < end)
            {
                await call(Interlocked.Increment(ref number));
                milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            return milliseconds;
        })));
        return Result(all, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Streams, each with as many requests under way as the engine lets it have.</summary>
    public static async Task<LoadResult> StreamAsync<TRequest, TResponse>(
        TimeSpan duration, Func<AsyncDuplexStreamingCall<TRequest, TResponse>> open, Func<long, TRequest> message, Action<TResponse> check)
    {
        var number = -1L;
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var started = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => Task.Run(async () =>
        {
            using var call = open();
            using var window = new SemaphoreSlim(InFlight);
            var asked = new long[InFlight];
            var sending = Task.Run(async () =>
            {
                for (var i = 0L; Stopwatch.GetTimestamp() < end; i++)
                {
                    await window.WaitAsync();
                    asked[i % InFlight] = Stopwatch.GetTimestamp();
                    await call.RequestStream.WriteAsync(message(Interlocked.Increment(ref number)));
                }

                await call.RequestStream.CompleteAsync();
            });
            List<double> milliseconds = new(1 << 16);
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                check(call.ResponseStream.Current);
                milliseconds.Add(Stopwatch.GetElapsedTime(asked[milliseconds.Count % InFlight]).TotalMilliseconds);
                window.Release();
            }

            await sending;
            return milliseconds;
        })));
        return Result(all, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Streams that ask at a rate, late or not; each answer counts from when its request was due.</summary>
    public static async Task<LoadResult> StreamAtAsync<TRequest, TResponse>(
        double perSecond, TimeSpan duration, Func<AsyncDuplexStreamingCall<TRequest, TResponse>> open, Func<long, TRequest> message, Action<TResponse> check)
    {
        var started = Stopwatch.GetTimestamp();
        var each = (long)(perSecond * duration.TotalSeconds / Streams);
        var ticks = Stopwatch.Frequency / perSecond;
        var all = await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => Task.Run(async () =>
        {
            using var call = open();
            var sending = Task.Run(async () =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
                for (var i = 0L; i < each; i++)
                {
                    while (Due(i) > Stopwatch.GetTimestamp())
                    {
                        await timer.WaitForNextTickAsync();
                    }

                    await call.RequestStream.WriteAsync(message((i * Streams) + stream));
                }

                await call.RequestStream.CompleteAsync();
            });
            List<double> milliseconds = new((int)each);
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                check(call.ResponseStream.Current);
                milliseconds.Add(Stopwatch.GetElapsedTime(Due(milliseconds.Count)).TotalMilliseconds);
            }

            await sending;
            return milliseconds;

            long Due(long i) => started + (long)(((i * Streams) + stream) * ticks);
        })));
        return Result(all, Stopwatch.GetElapsedTime(started));
    }

    private static LoadResult Result(List<double>[] all, TimeSpan took)
    {
        var sorted = all.SelectMany(each => each).Order().ToArray();
        return new(sorted.Length / took.TotalSeconds, sorted);
    }
}
