using Microsoft.Extensions.Logging;

namespace Decisioning.Storage;

/// <summary>The store's log messages; their ids are from 200.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Information,
        Message = "The log is open in {Folder}: {Customers} customers, {Events} events; {Unindexed} index entries read again, in {Milliseconds} ms")]
    public static partial void Opened(ILogger logger, string folder, long customers, long events, int unindexed, long milliseconds);

    [LoggerMessage(EventId = 201, Level = LogLevel.Error,
        Message = "A commit failed ({Reason}): {Appends} writes got no acknowledgement, {Decisions} decisions are lost; the database is opened again")]
    public static partial void CommitFailed(ILogger logger, string reason, int appends, int decisions, Exception exception);

    [LoggerMessage(EventId = 202, Level = LogLevel.Error, Message = "The database cannot be opened again ({Reason}); the next try is in {Milliseconds} ms")]
    public static partial void ReopenFailed(ILogger logger, string reason, double milliseconds, Exception exception);

    [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "The snapshot of customer {Customer} is not used: {Problem}. The state is made from the log")]
    public static partial void SnapshotNotUsed(ILogger logger, string customer, string problem);

    [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "{Dropped} decisions were not recorded: more were made than can be written")]
    public static partial void DecisionsDropped(ILogger logger, long dropped);

    [LoggerMessage(EventId = 205, Level = LogLevel.Information, Message = "The log in {Folder} is closed")]
    public static partial void Closed(ILogger logger, string folder);

    [LoggerMessage(EventId = 206, Level = LogLevel.Information, Message = "A writer is connected to {Place}, schema {Schema}")]
    public static partial void Connected(ILogger logger, string place, string schema);

    [LoggerMessage(EventId = 207, Level = LogLevel.Information, Message = "A writer has left {Place}")]
    public static partial void Disconnected(ILogger logger, string place);
}
