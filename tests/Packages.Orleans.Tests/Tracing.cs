using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Serialization.Configuration;

namespace Decisioning.PackageTests;

public sealed class Tracing
{
    private const string Calls = "Microsoft.Orleans.Application";

    [Fact]
    public async Task A_call_is_a_span_of_its_callers_trace_and_what_the_grain_traces_is_within_it()
    {
        using var own = new ActivitySource(Gates.NewName());
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Calls || source.Name == own.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var host = Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        string? seen;
        ActivityTraceId trace;
        using (var span = own.StartActivity("caller")!)
        {
            trace = span.TraceId;
            seen = await host.Services.GetRequiredService<IGrainFactory>().GetGrain<ITracedGrain>("ann").Current();
        }

        await host.StopAsync(TestContext.Current.CancellationToken);
        var call = Assert.Single(spans, span => span.Source.Name == Calls && span.Kind == ActivityKind.Server && span.TraceId == trace);
        Assert.Equal(call.Id, seen);
        Assert.Equal("ITracedGrain/Current", call.DisplayName);

        // Whoever exports spans has to know that they name the grain.
        Assert.Contains(call.TagObjects, tag => tag.Value is string text && text.EndsWith("/ann", StringComparison.Ordinal));
    }

    private static IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: "tracing", clusterId: Gates.NewName());
            silo.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false);
            silo.AddActivityPropagation();
        });
        return builder.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

[Alias("t.traced")]
public interface ITracedGrain : IGrainWithStringKey
{
    /// <summary>The id of the activity that the method runs in.</summary>
    [Alias("current")]
    ValueTask<string?> Current();
}

public sealed class TracedGrain : Grain, ITracedGrain
{
    public ValueTask<string?> Current() => new(Activity.Current?.Id);
}
