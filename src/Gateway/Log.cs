using Microsoft.Extensions.Logging;

namespace Decisioning.Gateway;

/// <summary>What the gateway logs: rare, numbered, without personal data.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "{Method} failed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "{Method}: the customer's grain could not be reached: {Reason}")]
    public static partial void ClusterFailed(ILogger logger, string method, string reason);

    [LoggerMessage(EventId = 303, Level = LogLevel.Information, Message = "{Count} events were refused, the newest of key {Key} over {Source}; the answers say why")]
    public static partial void EventsRefused(ILogger logger, long count, string key, string source);

    [LoggerMessage(EventId = 304, Level = LogLevel.Error, Message = "{Method} was done, and its answer could not be sent; the level `Error` for `Grpc.AspNetCore.Server.ServerCallHandler` says why")]
    public static partial void AnswerFailed(ILogger logger, string method);

    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "keys cannot be looked up, and callers that were not seen before are not let in: {Reason}")]
    public static partial void KeysNotAsked(ILogger logger, string reason);

    [LoggerMessage(
        EventId = 321,
        Level = LogLevel.Warning,
        Message = "access is open: no key exists and every listener is on loopback, so every program of this machine may do everything; make a key with `decide keys create`")]
    public static partial void AccessIsOpen(ILogger logger);

    [LoggerMessage(
        EventId = 323,
        Level = LogLevel.Warning,
        Message = "an address brought too many credentials that are not valid, and callers with good ones come from it too, some of which may be refused; if it is a proxy's, name that in `Decisioning:Access:Proxies`")]
    public static partial void AddressIsShared(ILogger logger);

    [LoggerMessage(EventId = 322, Level = LogLevel.Warning, Message = "no key exists, and without one nobody is let in; make one with `decide keys create`")]
    public static partial void NobodyIsLetIn(ILogger logger);
}
