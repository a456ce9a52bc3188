using Decisioning.Benchmarks;
using Decisioning.Silo;
using Microsoft.AspNetCore.Builder;

namespace Decisioning.LoadTests.Engine;

/// <summary>The engine as it is, with services beside it that do nothing: what its calls are measured against, in the same process.</summary>
internal static class EngineHost
{
    /// <summary>The program's first argument that makes it this host; the engine's own command line follows.</summary>
    public const string Verb = "host";

    public static Task<int> RunAsync(string[] args) => SiloRun.ToExitCodeAsync(args, () =>
    {
        var app = SiloApp.Build(args);
        app.MapGrpcService<EchoService>().AllowAnonymous();
        app.MapGrpcService<GrainEchoService>().AllowAnonymous();
        return app;
    });
}
