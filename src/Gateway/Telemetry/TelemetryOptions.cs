namespace Decisioning.Gateway.Telemetry;

/// <summary>What is told of the engine to who runs it.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Telemetry";

    /// <summary>Whether <c>/metrics</c> is served; without it nothing is measured for it. Default: true.</summary>
    public bool Metrics { get; set; } = true;
}
