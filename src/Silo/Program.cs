using Decisioning.Gateway;
using Decisioning.Silo;
using Decisioning.Storage;

return await SiloRun.ToExitCodeAsync(args, () =>
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
});
