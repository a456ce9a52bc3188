namespace Decisioning.Gateway.Telemetry;

/// <summary>The meters that are told of, at <c>/metrics</c> and over OTLP.</summary>
public static class MeterNames
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["Decisioning", "Decisioning.Gateway", "Decisioning.Storage", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];
}
