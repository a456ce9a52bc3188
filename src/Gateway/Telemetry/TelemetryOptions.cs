using System.ComponentModel.DataAnnotations;

namespace Decisioning.Gateway.Telemetry;

/// <summary>How OTLP is spoken.</summary>
public enum OtlpProtocol
{
    /// <summary>As gRPC; receivers listen on port 4317.</summary>
    Grpc,

    /// <summary>As protobuf over HTTP; receivers listen on port 4318.</summary>
    Http,
}

/// <summary>What is told of the engine to who runs it.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Telemetry";

    /// <summary>Whether <c>/metrics</c> is served; without it nothing is measured for it. Default: true.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// Where traces and measurements are sent, e.g. <c>http://127.0.0.1:4317</c>. Empty: nowhere, unless the variable
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says so; then OpenTelemetry's other variables hold too. Default: empty.
    /// </summary>
    [RegularExpression("^(https?://.+)?$", ErrorMessage = "`Decisioning:Telemetry:OtlpEndpoint` is no address; write it as `http://127.0.0.1:4317`")]
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>How it is spoken there. Default: <c>grpc</c>.</summary>
    [EnumDataType(typeof(OtlpProtocol))]
    public OtlpProtocol OtlpProtocol { get; set; }
}
