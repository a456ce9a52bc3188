using System.Collections.Frozen;
using Grpc.Core;

namespace Decisioning.Gateway.Telemetry;

/// <summary>Statuses of gRPC as they are written, e.g. <c>RESOURCE_EXHAUSTED</c>.</summary>
internal static class RpcStatus
{
    private static readonly FrozenDictionary<StatusCode, string> Names = Enum.GetValues<StatusCode>().ToFrozenDictionary(code => code, Written);

    public static string Name(StatusCode code) => Names.TryGetValue(code, out var name) ? name : "UNKNOWN";

    // `ResourceExhausted` is RESOURCE_EXHAUSTED, and `OK` is OK.
    private static string Written(StatusCode code) => code == StatusCode.OK
        ? "OK"
        : string.Concat(code.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + c : char.ToUpperInvariant(c).ToString()));
}
