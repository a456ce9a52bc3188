using System.Reflection;

namespace Decisioning.Benchmarks;

/// <summary>The settings of the runtime, its collector's above all, that the engine's own program has.</summary>
internal static class SiloRuntime
{
    /// <summary>The arguments with which <c>dotnet</c> runs another program with them.</summary>
    public static string[] Run(Assembly program) =>
        ["exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "Decisioning.Silo.runtimeconfig.json"), program.Location];
}
