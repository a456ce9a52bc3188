using Microsoft.Extensions.Logging;

namespace Decisioning.Gateway;

/// <summary>What the gateway logs: rare, numbered, without personal data.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "{Method} failed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "{Method}: the customer's grain could not be reached: {Reason}")]
    public static partial void ClusterFailed(ILogger logger, string method, string reason);
}
