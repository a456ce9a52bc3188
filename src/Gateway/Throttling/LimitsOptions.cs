using System.ComponentModel.DataAnnotations;

namespace Decisioning.Gateway.Throttling;

/// <summary>How much the gateway takes from its callers: what is more is refused at once, and what is slower is cut off.</summary>
public sealed class LimitsOptions
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Gateway:Limits";

    /// <summary>Connections open at once; a further one is closed as it comes. Default: 10,000 × 20 KB = 200 MB.</summary>
    [Range(10, 1_000_000)]
    public int ConnectionsMax { get; set; } = 10_000;

    /// <summary>Calls open at once on one HTTP/2 connection; a client opens another connection or waits. Default: 100.</summary>
    [Range(1, 10_000)]
    public int StreamsPerConnectionMax { get; set; } = 100;

    /// <summary>Bytes of an HTTP body as sent; more is answered with 413. A message of gRPC has 16 MB at most. Default: 4 MB, as much as is read of one inflated.</summary>
    [Range(1024, 4 * 1024 * 1024)]
    public int HttpBodyBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bytes of all headers of a request together. Default: 32 KB.</summary>
    [Range(4096, 1024 * 1024)]
    public int HeaderBytesMax { get; set; } = 32 * 1024;

    /// <summary>Headers of a request. Default: 100.</summary>
    [Range(20, 1000)]
    public int HeadersMax { get; set; } = 100;

    /// <summary>How long the headers of a request may take to arrive. Default: 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeadersWaitMax { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes per second that a body must arrive with, and an answer be read with, after the first 5 seconds; else the connection is cut off. Streams of gRPC may be as slow as they like. Default: 240.</summary>
    [Range(1, 1024 * 1024)]
    public int BytesPerSecondMin { get; set; } = 240;

    /// <summary>How long a connection without a request is kept open. Default: 130 seconds: longer than proxies keep theirs.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleMax { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>How long an HTTP/2 connection may be silent before it is asked whether the other side lives. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PingAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the other side has to say so before the connection is closed. Default: 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan PingWaitMax { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Calls of one key per second in the long run: each unary call, each HTTP request and each message of a stream is one. 0 for no
    /// limit; calls without a credential have none. Default: 20,000, about half of what two cores answer.
    /// </summary>
    [Range(0, 10_000_000)]
    public int CallsPerKeyPerSecond { get; set; } = 20_000;

    /// <summary>Calls of one key that may come at once. Default: 40,000, two seconds of the rate.</summary>
    [Range(1, 10_000_000)]
    public int CallsPerKeyBurst { get; set; } = 40_000;

    /// <summary>Questions for a next best action that are under way at once; most end in microseconds, so it is those that wait for the log. Default: 4,096.</summary>
    [Range(1, 1_000_000)]
    public int DecisionsAtOnceMax { get; set; } = 4096;

    /// <summary>Questions that may wait for one of these to end; further ones are refused at once. Default: 1,024.</summary>
    [Range(0, 1_000_000)]
    public int DecisionsWaitingMax { get; set; } = 1024;

    /// <summary>
    /// How long before its caller's deadline a decision is answered on what is held instead of waited for; of a short deadline at most half
    /// is kept back. Default: 20 ms: enough for the answer's way.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan DeadlineMargin { get; set; } = TimeSpan.FromMilliseconds(20);
}
