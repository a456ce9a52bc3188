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

    [LoggerMessage(EventId = 208, Level = LogLevel.Warning,
        Message = "An erasure was not finished ({Reason}): its customer is gone for all readers, some rows are not. The next erasure or the next start goes on")]
    public static partial void ErasureNotFinished(ILogger logger, string reason);

    [LoggerMessage(EventId = 209, Level = LogLevel.Warning,
        Message = "The write-ahead log in {Folder} could not be emptied after an erasure: a backup, say, reads it. What was erased may be found in its bytes until the next erasure or the next start")]
    public static partial void LogNotEmptied(ILogger logger, string folder);

    [LoggerMessage(EventId = 210, Level = LogLevel.Warning,
        Message = "After an erasure {Place} was not vacuumed ({Reason}): what was erased may be found in its files until the server vacuums by itself or the next erasure")]
    public static partial void NotVacuumed(ILogger logger, string place, string reason);
}
