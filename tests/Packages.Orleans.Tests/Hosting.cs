using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization.Configuration;
using Orleans.TestingHost;

namespace Decisioning.PackageTests;

public sealed class Hosting
{
    [Fact]
    public async Task A_silo_starts_and_stops_with_its_host_stage_by_stage()
    {
        var name = Gates.NewName();
        using var host = Build(silo =>
        {
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(new Participant(name));
            silo.AddStartupTask(async (services, _) =>
            {
                await services.GetRequiredService<IGrainFactory>().GetGrain<ILivingGrain>(name).Touch();
                Notes.Add(name, "startup task");
            });
        });
        await host.StartAsync();
        await host.StopAsync();
        Assert.Equal(
            ["start 10000", "activate", "startup task", "deactivate ShuttingDown", "stop 10000"],
            Notes.Of(name));
    }

    [Fact]
    public async Task A_client_in_the_silos_process_is_a_service()
    {
        using var host = Build(static _ => { });
        await host.StartAsync();
        var name = Gates.NewName();
        Assert.Equal(name, await host.Services.GetRequiredService<IClusterClient>().GetGrain<INamedGrain>(name).Key());
        Assert.Equal(name, await host.Services.GetRequiredService<IGrainFactory>().GetGrain<INamedGrain>(name).Key());
        await host.StopAsync();
    }

    [Fact]
    public async Task A_startup_task_that_fails_keeps_the_silo_from_starting()
    {
        using var host = Build(silo => silo.AddStartupTask(static (_, _) => throw new InvalidOperationException("not ready")));
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.Contains("not ready", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_grains_of_a_stopped_silo_come_back_on_another()
    {
        var builder = new InProcessTestClusterBuilder(2) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) => silo.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false));
        builder.ConfigureClient(client => client.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var names = Enumerable.Range(0, 20).Select(_ => Gates.NewName()).ToArray();
        foreach (var name in names)
        {
            await cluster.Client.GetGrain<INamedGrain>(name).Key();
        }

        await cluster.StopSiloAsync(cluster.Silos[^1]);
        Assert.Single(cluster.Silos, silo => silo.IsActive);
        foreach (var name in names)
        {
            Assert.Equal(name, await cluster.Client.GetGrain<INamedGrain>(name).Key());
        }
    }

    private static IHost Build(Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: "hosting", clusterId: Gates.NewName());
            silo.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = false);
            silo.Services.AddSingleton<Shelf>().AddScoped<ScopedThing>();
            configure(silo);
        });
        return builder.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Participant(string name) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
            "participant", ServiceLifecycleStage.ApplicationServices, _ => Note("start"), _ => Note("stop"));

        private Task Note(string what)
        {
            Notes.Add(name, $"{what} {ServiceLifecycleStage.ApplicationServices}");
            return Task.CompletedTask;
        }
    }
}
