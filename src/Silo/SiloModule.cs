using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>The parts of the host that are its own: options, addresses, health.</summary>
internal static class SiloModule
{
    public static WebApplicationBuilder AddSiloOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SiloOptions>().BindConfiguration(SiloOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SiloOptions>, SiloOptionsValidator>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<SiloOptions>>((host, silo) => host.ShutdownTimeout = silo.Value.StopNotice + silo.Value.StopWaitMax);
        builder.Services.AddHostedService<StopNotice>();
        return builder;
    }

    public static WebApplicationBuilder AddStrategyFolder(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StrategyFolderWatcher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StrategyFolderWatcher>());
        return builder;
    }

    /// <summary>Sends traces where somebody said whereto; otherwise nothing of it is there.</summary>
    public static WebApplicationBuilder AddTraces(this WebApplicationBuilder builder)
    {
        if (Traces.IsWanted(builder.Configuration))
        {
            builder.Services.AddHostedService<Traces>();
        }

        return builder;
    }

    /// <summary>What it takes for <c>/readyz</c> to say yes.</summary>
    public static WebApplicationBuilder AddReadiness(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StoreReadyCheck>();
        builder.Services.AddSingleton<IHealthCheckPublisher, ReadyLog>();
        builder.Services.AddHealthChecks().AddCheck<HostCheck>(HostCheck.Name).AddCheck<StoreReadyCheck>("store").AddCheck<StrategyCheck>("strategy");
        return builder;
    }
}
