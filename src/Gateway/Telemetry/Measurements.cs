using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Http.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Decisioning.Gateway.Telemetry;

/// <summary>Sums up what this host's meters measure, from its start on, and tells it at <c>/metrics</c>.</summary>
internal sealed class Measurements : IDisposable
{
    private static readonly FrozenSet<string> Meters = MeterNames.All.ToFrozenSet(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<Instrument, MeasuredInstrument> _instruments = [];
    private readonly MeterListener _listener;

    public Measurements(IMeterFactory meters)
    {
        _listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                // Other hosts of this process have meters of the same names.
                if (Meters.Contains(instrument.Meter.Name) && (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters)))
                {
                    listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, static published => new(published)));
                }
            },
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>All of it as text, with what is asked for only now.</summary>
    public string Text()
    {
        _listener.RecordObservableInstruments();
        return PrometheusText.Write(_instruments.Values);
    }

    public static void Map(IEndpointRouteBuilder routes, Measurements measurements) =>
        routes.MapGet("/metrics", (HttpContext context) =>
            {
                context.Response.ContentType = PrometheusText.ContentType;
                return context.Response.WriteAsync(measurements.Text(), context.RequestAborted);
            })
            .RequireScope(AccessScope.Admin)
            .WithMetadata(new RouteText("Operation", "Tells what the engine measures of itself, as Prometheus reads it."));

    public void Dispose() => _listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MeasuredInstrument)state!).Record(value, tags);
}
