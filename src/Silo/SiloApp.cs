using Decisioning.Gateway;
using Decisioning.Storage;

namespace Decisioning.Silo;

/// <summary>The engine as a host, put together of its parts.</summary>
internal static class SiloApp
{
    /// <summary>Builds it, not started, of a command line as <see cref="SiloArguments"/> has it.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddCommandLine(args, SiloArguments.Switches.ToDictionary());
        builder.AddSiloOptions();
        builder.Services.AddDecisioningStorage(builder.Configuration);
        builder.Services.AddDecisioningGateway(builder.Configuration);
        builder.UseCluster();
        builder.AddStrategyFolder();
        builder.AddReadiness();
        builder.AddTraces();
        builder.ListenAsSet();

        var app = builder.Build();
        app.MapDecisioningGateway();
        return app;
    }
}
