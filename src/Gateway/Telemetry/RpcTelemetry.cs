using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Decisioning.Gateway.Telemetry;

/// <summary>
/// Measures each call of gRPC, and names its span, by OpenTelemetry's conventions, those that were not let in too. It stands before whatever could refuse a call.
/// </summary>
internal sealed class RpcTelemetry : IMiddleware, IDisposable
{
    private const string StatusHeader = "grpc-status";

    private static readonly KeyValuePair<string, object?> Grpc = new("rpc.system.name", "grpc");

    private readonly ConcurrentDictionary<IMethod, string> _names = [];
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;

    public RpcTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create("Decisioning.Gateway");
        _duration = _meter.CreateHistogram<double>("rpc.server.call.duration", unit: "s", description: "Time from a call's headers to its status");
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        (_duration.Enabled || Activity.Current is { IsAllDataRequested: true }) && context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is { } method
            ? MeasureAsync(context, next, method)
            : next(context);

    public void Dispose() => _meter.Dispose();

    private async Task MeasureAsync(HttpContext context, RequestDelegate next, IMethod method)
    {
        var name = _names.GetOrAdd(method, static made => made.FullName[1..]);
        var span = Activity.Current is { IsAllDataRequested: true } current ? current : null;
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var status = StatusOf(context);
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, Grpc, new("rpc.method", name), new("rpc.response.status_code", RpcStatus.Name(status)));
            if (span is not null)
            {
                Say(span, name, status);
            }
        }
    }

    private static void Say(Activity span, string name, StatusCode status)
    {
        span.DisplayName = name;
        span.SetTag(Grpc.Key, Grpc.Value);
        span.SetTag("rpc.method", name);
        span.SetTag("rpc.response.status_code", RpcStatus.Name(status));
        if (status is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static StatusCode StatusOf(HttpContext context)
    {
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var text = trailers is not null && trailers.TryGetValue(StatusHeader, out var trailer) ? trailer : context.Response.Headers[StatusHeader];
        return int.TryParse(text, out var code) ? (StatusCode)code
            : context.RequestAborted.IsCancellationRequested ? StatusCode.Cancelled
            : StatusCode.Unknown;
    }
}
