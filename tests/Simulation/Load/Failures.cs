using System.Collections.Concurrent;
using Decisioning.Simulation.Tests.Audit;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>How calls failed. Those that no caller of an engine in trouble can expect are findings.</summary>
internal sealed class Failures(Findings findings)
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _withRetryDelay;

    /// <summary>Refusals of the engine that say when to come again.</summary>
    public int WithRetryDelay => _withRetryDelay;

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Add(Exception failure)
    {
        var rpc = failure as RpcException;
        _counts.AddOrUpdate(rpc is null ? "broken stream" : rpc.StatusCode.ToString(), 1, static (_, count) => count + 1);
        if (rpc is null)
        {
            return;
        }

        if (RetryDelay(rpc) is { } delay)
        {
            Interlocked.Increment(ref _withRetryDelay);
            if (delay.ToTimeSpan() <= TimeSpan.Zero)
            {
                findings.Add(Finding.Unforeseen, $"a retry delay of {delay}");
            }
        }

        if (rpc.StatusCode is StatusCode.FailedPrecondition)
        {
            findings.Add(Finding.Stale, rpc.Status.Detail);
        }
        else if (rpc.StatusCode is StatusCode.InvalidArgument or StatusCode.Unimplemented or StatusCode.NotFound or StatusCode.DataLoss
            || rpc.Status.Detail.Contains("wrong on our side", StringComparison.Ordinal))
        {
            findings.Add(Finding.Unforeseen, $"{rpc.StatusCode}: {rpc.Status.Detail}");
        }
    }

    private static Duration? RetryDelay(RpcException e)
    {
        foreach (var entry in e.Trailers)
        {
            if (entry.Key == "grpc-status-details-bin")
            {
                foreach (var detail in Google.Rpc.Status.Parser.ParseFrom(entry.ValueBytes).Details)
                {
                    if (detail.TryUnpack<RetryInfo>(out var retry))
                    {
                        return retry.RetryDelay;
                    }
                }
            }
        }

        return null;
    }
}
