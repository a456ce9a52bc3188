using System.Diagnostics;
using Decisioning.Storage.Commits;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Decisioning.Storage.Sqlite;

/// <summary>
/// The one thread that writes to the embedded database, its index included. INVARIANT (single writer): the data folder is
/// this process's alone, and this thread alone writes, so that what it knows of heads and message ids is what the database
/// will say.
/// </summary>
internal sealed class LogWriter : GroupWriter<WriteBatch>
{
    /// <summary>Index entries written while nothing else waits: about 5 ms.</summary>
    private const int IdleSlice = 2048;

    private readonly DataFolder _folder;
    private readonly int _indexBatch;
    private readonly ILogger _logger;

    private LogDatabase? _database;
    private CustomerIndex _index = new();
    private WriteBatch _batch = null!;
    private IndexMerge? _merge;

    public LogWriter(DataFolder folder, StorageOptions options, StorageMeter meter, ILogger logger)
        : base(options, writers: 1, meter, logger, "decisioning log")
    {
        _folder = folder;
        _indexBatch = options.IndexBatch;
        _logger = logger;
        meter.Watch(() => WorkWaiting, () => DecisionsWaiting);
        Start();
    }

    protected override bool HasWorkOfItsOwn => _merge is { IsSorted: true };

    /// <summary>The head of a customer as committed, if it is in memory. Any thread.</summary>
    public CustomerHead? FindHead(string key) => Volatile.Read(ref _index).FindHead(key);

    protected override int Commit(IReadOnlyList<Work<WriteBatch>> work, IReadOnlyList<QueuedDecision> decisions)
    {
        var database = _database!;
        database.Begin();
        foreach (var piece in work)
        {
            piece.Apply(_batch);
        }

        foreach (var decision in decisions)
        {
            _batch.AppendDecision(decision.Record);
        }

        // Each row brings at most two entries: three are written for it, so that a generation is done before the next is full.
        var rows = _batch.Rows;
        var idle = work.Count == 0 && decisions.Count == 0;
        var merged = _merge?.Write(database, idle ? IdleSlice : 64 + (3 * rows)) ?? false;
        database.Commit();
        _batch.Publish();
        if (merged)
        {
            _merge = null;
            _index.DropWritten();
        }

        return rows;
    }

    protected override void Committed() => TurnIndex(_indexBatch);

    protected override void Open()
    {
        var started = Stopwatch.GetTimestamp();
        var database = _folder.OpenWriter();
        try
        {
            var index = IndexRecovery.Read(database);
            _merge = null;
            _batch = new(database, index);
            Volatile.Write(ref _index, index);
            var milliseconds = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            Log.Opened(_logger, _folder.Path, database.LastCustomer, database.LastEvent, index.Growing.Weight, milliseconds);
        }
        catch
        {
            database.Dispose();
            throw;
        }

        _database = database;
        TurnIndex(_indexBatch);
    }

    protected override void Close()
    {
        _database?.Dispose();
        _database = null;
    }

    protected override void Finish()
    {
        // What is not indexed now would be read again at the next start: right, but slower.
        var open = true;
        while (open && (_merge is not null || _index.Growing.Weight > 0))
        {
            TurnIndex(weight: 1);
            _merge?.WaitUntilSorted();
            open = TryCommit();
        }

        Log.Closed(_logger, _folder.Path);
    }

    protected override string Explain(Exception e) => e is SqliteException sqlite ? DataFolder.Explain(sqlite) : e.Message;

    private void TurnIndex(int weight)
    {
        if (_merge is null && _index.Growing.Weight >= weight)
        {
            _merge = new(_index.Turn(), _database!.LastCustomer, _database.LastEvent, _database.LastDecision, Wake);
        }
    }
}
