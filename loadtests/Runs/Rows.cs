namespace Decisioning.LoadTests.Runs;

/// <summary>Rows that several scenarios print.</summary>
internal static class Rows
{
    /// <summary>Calls that failed where none may.</summary>
    public static Row Failed(int count, string what = "calls that failed") => new(what, count, "", Budget.None);

    /// <summary>Decisions over streams beside those of calls.</summary>
    public static IEnumerable<Row> Streams(Measured measured, Measure unary, Measure stream) =>
    [
        new("decisions over streams", measured.PerSecond(stream), "per s"),
        new("  of decisions of calls", measured.PerSecond(stream) / measured.PerSecond(unary), "×", Budget.AtLeast(2)),
    ];

    /// <summary>Events, one of each customer in turn and of a few often, beside a grain that does nothing where there is one.</summary>
    public static IEnumerable<Row> Events(Measured measured, string name, Measure? grain, Measure track, Measure few, Budget budget)
    {
        if (grain is not null)
        {
            yield return new(grain.Name, measured.PerSecond(grain), "per s");
        }

        yield return new($"{name}, one of each customer in turn", measured.PerSecond(track), "per s");
        if (grain is not null)
        {
            yield return new($"  of {grain.Name}", measured.PerSecond(track) / measured.PerSecond(grain), "×", budget);
        }

        yield return new($"{name}, a few customers often", measured.PerSecond(few), "per s");
    }

    /// <summary>A load at a rate: how long answers took from when their calls were due.</summary>
    public static IEnumerable<Row> OpenLoop(string name, Measured measured, Measure measure) =>
    [
        new($"{name} at {measure.Rate} a second, p50", measured.P50(measure), "ms"),
        new("  p99", measured.P99(measure), "ms"),
        new("  max", measured.Max(measure), "ms"),
    ];
}
