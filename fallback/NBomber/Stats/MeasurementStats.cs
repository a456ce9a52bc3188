using NBomber.Measuring;

namespace NBomber.Contracts.Stats;

/// <summary>What was measured of iterations or steps that went well, or of those that failed.</summary>
public sealed class MeasurementStats
{
    /// <summary>How many.</summary>
    public required RequestStats Request { get; init; }

    /// <summary>How long they took.</summary>
    public required LatencyStats Latency { get; init; }

    /// <summary>What they transferred.</summary>
    public required DataTransferStats DataTransfer { get; init; }

    /// <summary>By status code, the most frequent first.</summary>
    public required StatusCodeStats[] StatusCodes { get; init; }
}

/// <summary>How many.</summary>
public sealed class RequestStats
{
    /// <summary>All of them.</summary>
    public required int Count { get; init; }

    /// <summary>Per second, from the beginning to the last answer, pauses left out.</summary>
    public required double RPS { get; init; }

    /// <summary>The share of all, in whole percent.</summary>
    public required int Percent { get; init; }
}

/// <summary>How long they took, in milliseconds; of an open load from when each was due.</summary>
public sealed class LatencyStats
{
    /// <summary>The shortest.</summary>
    public required double MinMs { get; init; }

    /// <summary>The mean.</summary>
    public required double MeanMs { get; init; }

    /// <summary>The longest.</summary>
    public required double MaxMs { get; init; }

    /// <summary>Half took no longer.</summary>
    public required double Percent50 { get; init; }

    /// <summary>75 % took no longer.</summary>
    public required double Percent75 { get; init; }

    /// <summary>95 % took no longer.</summary>
    public required double Percent95 { get; init; }

    /// <summary>99 % took no longer.</summary>
    public required double Percent99 { get; init; }

    /// <summary>The standard deviation.</summary>
    public required double StdDev { get; init; }

    // Reports say more than the documented members do.
    internal double Percent999 { get; init; }

    internal Distribution All { get; init; } = Distribution.Empty;
}

/// <summary>What they transferred.</summary>
public sealed class DataTransferStats
{
    /// <summary>The least.</summary>
    public required long MinBytes { get; init; }

    /// <summary>The mean.</summary>
    public required long MeanBytes { get; init; }

    /// <summary>The most.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Together.</summary>
    public required long AllBytes { get; init; }
}

/// <summary>One status code.</summary>
public sealed class StatusCodeStats
{
    /// <summary>The code.</summary>
    public required string StatusCode { get; init; }

    /// <summary>Whether it is of failures.</summary>
    public required bool IsError { get; init; }

    /// <summary>The first message that came with it.</summary>
    public required string Message { get; init; }

    /// <summary>How often it came.</summary>
    public required int Count { get; init; }

    /// <summary>The share of all iterations, in whole percent.</summary>
    public required int Percent { get; init; }
}
