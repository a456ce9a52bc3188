using System.Collections.Frozen;
using System.Diagnostics;
using Decisioning.Gateway.Telemetry;
using Decisioning.Grains;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Decisioning.Silo;

/// <summary>Sends traces and measurements over OTLP while the host runs, where somebody said whereto.</summary>
internal sealed class Traces(IOptions<TelemetryOptions> options) : IHostedLifecycleService, IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string GrainCalls = "Microsoft.Orleans.Application";

    private TracerProvider? _tracer;
    private MeterProvider? _meter;

    /// <summary>Whether anything is sent at all.</summary>
    public static bool IsWanted(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration[EndpointVariable]) || !string.IsNullOrEmpty(configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}"]);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("decisioning", serviceVersion: typeof(Traces).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector();
        _tracer = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(DecisionSpan.SourceName, "Decisioning.Storage", "Microsoft.AspNetCore", GrainCalls)
            .AddProcessor(new WithoutNames())
            .AddOtlpExporter(exporter => Configure(exporter, "v1/traces"))
            .Build();
        _meter = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. MeterNames.All])
            .AddOtlpExporter(exporter => Configure(exporter, "v1/metrics"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        // What is left is sent, but a receiver that is away does not hold up the end.
        var left = (int)TimeSpan.FromSeconds(2).TotalMilliseconds;
        _tracer?.Shutdown(left);
        _meter?.Shutdown(left);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _tracer?.Dispose();
        _meter?.Dispose();
    }

    private void Configure(OtlpExporterOptions exporter, string path)
    {
        // Without an endpoint of ours, the exporter reads OpenTelemetry's own variables.
        if (options.Value.OtlpEndpoint is { Length: > 0 } endpoint)
        {
            exporter.Protocol = options.Value.OtlpProtocol == OtlpProtocol.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            exporter.Endpoint = options.Value.OtlpProtocol == OtlpProtocol.Http ? new Uri(new Uri(endpoint.TrimEnd('/') + "/"), path) : new Uri(endpoint);
        }
    }

    /// <summary>
    /// Paths and queries, the ids of grains, and what exceptions say can name customers and keys; the route, the method and the kind of the
    /// exception say enough.
    /// </summary>
    private sealed class WithoutNames : BaseProcessor<Activity>
    {
        // What to keep, not what to drop: Orleans renames its own from version to version.
        private static readonly FrozenSet<string> OfGrainCalls =
            new[] { "rpc.system", "rpc.system.name", "rpc.service", "orleans.rpc.service", "rpc.method", "error.type", "exception.type" }.ToFrozenSet(StringComparer.Ordinal);

        public override void OnEnd(Activity data)
        {
            if (data.Source.Name == GrainCalls)
            {
                foreach (var tag in data.TagObjects.Where(tag => !OfGrainCalls.Contains(tag.Key)).ToList())
                {
                    data.SetTag(tag.Key, null);
                }
            }

            // The real gRPC packages say the method and the status once more, in words of their own.
            data.SetTag("grpc.method", null);
            data.SetTag("grpc.status_code", null);
            data.SetTag("url.path", null);
            data.SetTag("url.query", null);
            data.SetTag("url.full", null);
        }
    }
}
