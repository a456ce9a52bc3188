using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>The parts of the host that are its own: options, addresses, health.</summary>
internal static class SiloModule
{
    public static WebApplicationBuilder AddSiloOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SiloOptions>().BindConfiguration(SiloOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SiloOptions>, SiloOptionsValidator>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<SiloOptions>>((host, silo) => host.ShutdownTimeout = silo.Value.StopWaitMax);
        return builder;
    }

    public static WebApplicationBuilder AddStrategyFolder(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StrategyFolderWatcher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StrategyFolderWatcher>());
        builder.Services.AddHealthChecks().AddCheck<ReadyCheck>("ready");
        return builder;
    }
}
