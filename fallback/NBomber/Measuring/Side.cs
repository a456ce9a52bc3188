using System.Collections.Concurrent;
using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Measuring;

/// <summary>Iterations or steps that went well, or those that failed.</summary>
internal sealed class Side(bool isError)
{
    /// <summary>Different status codes that are counted; what comes after them is one: codes are words, not ids.</summary>
    private const int CodesMax = 200;

    private const string Others = "others";
    private readonly Histogram _latency = new();
    private readonly Histogram _bytes = new();
    private readonly ConcurrentDictionary<string, Code> _codes = new(StringComparer.Ordinal);

    public void Add(TimeSpan took, IResponse response)
    {
        _latency.Add(took.Ticks);
        _bytes.Add(response.SizeBytes);
        var name = response.StatusCode ?? "";
        if (!_codes.TryGetValue(name, out var code))
        {
            code = _codes.GetOrAdd(_codes.Count < CodesMax ? name : Others, _ => new(response.Message ?? ""));
        }

        Interlocked.Increment(ref code.Count);
    }

    public Distribution Latency() => _latency.Look();

    public MeasurementStats Stats(TimeSpan duration, Func<long> all)
    {
        // The counts first: of those added meanwhile, none may be missing in what they are a share of.
        var (latency, bytes, codes) = (_latency.Look(), _bytes.Look(), _codes.ToArray());
        var total = all();
        return new()
        {
            Request = new() { Count = Number(latency.Count), RPS = latency.Count / Math.Max(duration.TotalSeconds, 0.001), Percent = Percent(latency.Count, total) },
            Latency = new()
            {
                MinMs = Ms(latency.Min),
                MeanMs = Ms(latency.Mean),
                MaxMs = Ms(latency.Max),
                Percent50 = Ms(latency.Percentile(0.5)),
                Percent75 = Ms(latency.Percentile(0.75)),
                Percent95 = Ms(latency.Percentile(0.95)),
                Percent99 = Ms(latency.Percentile(0.99)),
                Percent999 = Ms(latency.Percentile(0.999)),
                StdDev = Ms(latency.Deviation),
                All = latency,
            },
            DataTransfer = new() { MinBytes = bytes.Min, MeanBytes = (long)bytes.Mean, MaxBytes = bytes.Max, AllBytes = bytes.Sum },
            StatusCodes =
            [
                .. codes.OrderByDescending(code => code.Value.Count).ThenBy(code => code.Key, StringComparer.Ordinal)
                    .Where(code => code.Key.Length > 0 || isError)
                    .Select(code => new StatusCodeStats
                    {
                        StatusCode = code.Key,
                        IsError = isError,
                        Message = code.Value.Message,
                        Count = Number(code.Value.Count),
                        Percent = Percent(code.Value.Count, total),
                    }),
            ],
        };
    }

    public static double Ms(double ticks) => ticks / TimeSpan.TicksPerMillisecond;

    private static int Number(long count) => (int)Math.Min(count, int.MaxValue);

    private static int Percent(long count, long all) => all == 0 ? 0 : (int)Math.Round(100.0 * count / all);

    private sealed class Code(string message)
    {
        public string Message { get; } = message;

        public long Count;
    }
}
