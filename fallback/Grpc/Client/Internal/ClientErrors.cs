using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Internal;

namespace Grpc.Net.Client.Internal;

/// <summary>Statuses for what went wrong below gRPC, as the protocol maps them.</summary>
internal static class ClientErrors
{
    internal static Status FromException(string summary, Exception exception) =>
        new(CodeOf(exception), summary + " " + ErrorText.Of(exception), exception);

    internal static Status FromHttp(HttpStatusCode http) => new(
        http switch
        {
            HttpStatusCode.BadRequest => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        $"Bad gRPC response. HTTP status code: {(int)http}");

    private static StatusCode CodeOf(Exception exception)
    {
        var code = StatusCode.Internal;
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            if (at is HttpProtocolException protocol)
            {
                return FromHttp2(protocol.ErrorCode);
            }

            if (at is SocketException or IOException)
            {
                code = StatusCode.Unavailable;
            }
        }

        return code;
    }

    private static StatusCode FromHttp2(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM
        0x8 => StatusCode.Cancelled, // CANCEL
        0xB => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xC => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };
}
