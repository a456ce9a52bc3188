using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Decisioning.Storage.Sqlite;

/// <summary>
/// The one thread that writes. It takes what waits, does it in one transaction, and answers when that is on the disk; the
/// longer a commit takes, the more the next one carries. INVARIANT (single writer): the data folder is this process's alone,
/// and this thread alone writes, so that what it knows of heads and message ids is what the database will say.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private const int DecisionsPerCommit = 1024;

    /// <summary>Index entries written while nothing else waits: about 5 ms.</summary>
    private const int IdleSlice = 2048;

    private static readonly TimeSpan ReopenDelayMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReopenDelayMax = TimeSpan.FromSeconds(5);

    private readonly DataFolder _folder;
    private readonly StorageOptions _options;
    private readonly WorkQueue _queue;
    private readonly StorageMeter _meter;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new(initialState: false, spinCount: 0);
    private readonly List<Work> _work = [];
    private readonly List<DecisionRecord> _decisions = [];

    private LogDatabase? _database;
    private CustomerIndex _index = new();
    private WriteBatch _batch = null!;
    private IndexMerge? _merge;
    private volatile string? _broken;
    private TimeSpan _reopenDelay = ReopenDelayMin;
    private long _dropped;

    public LogWriter(DataFolder folder, StorageOptions options, StorageMeter meter, ILogger logger)
    {
        _folder = folder;
        _options = options;
        _meter = meter;
        _logger = logger;
        _queue = new(options);
        meter.Watch(() => _queue.WorkWaiting, () => _queue.DecisionsWaiting);
        Open();
        _thread = new(Run) { IsBackground = true, Name = "decisioning log" };
        _thread.Start();
    }

    /// <summary>The head of a customer as committed, if it is in memory. Any thread.</summary>
    public CustomerHead? FindHead(string key) => Volatile.Read(ref _index).FindHead(key);

    /// <summary>Puts work into the queue.</summary>
    /// <returns>False when the queue stayed full.</returns>
    /// <exception cref="StorageUnavailableException">The database is not open at the moment, or never again.</exception>
    public async ValueTask<bool> EnqueueAsync(Work work, CancellationToken cancellationToken)
    {
        if (_broken is { } reason)
        {
            throw new StorageUnavailableException($"nothing was written: {reason}");
        }

        try
        {
            return await _queue.EnqueueAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new StorageUnavailableException("nothing was written: the store is closed", e);
        }
    }

    public bool TryEnqueue(DecisionRecord decision)
    {
        var taken = _queue.TryEnqueue(decision);
        if (!taken)
        {
            _meter.DecisionsDropped(1);
            Interlocked.Increment(ref _dropped);
        }

        return taken;
    }

    /// <summary>Writes what waits and what of the index is in memory, and closes.</summary>
    public void Dispose()
    {
        _queue.Close();
        _stopping.Set();
        _queue.Wake(urgent: true);
        _thread.Join();
        _queue.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        while (!_stopping.IsSet || !_queue.IsEmpty)
        {
            if (_merge is not { IsSorted: true } || !_queue.IsEmpty)
            {
                _queue.WaitForWork();
            }

            Take();
            if (_database is null && !TryReopen())
            {
                FailTaken(new StorageUnavailableException($"nothing was written: {_broken}"));
                _stopping.Wait(_reopenDelay);
                continue;
            }

            Commit(idle: _work.Count == 0 && _decisions.Count == 0);
        }

        Finish();
    }

    private void Take()
    {
        while (_work.Count < _options.CommitAppendsMax && _queue.TryTake(out Work work))
        {
            _work.Add(work);
        }

        while (_decisions.Count < DecisionsPerCommit && _queue.TryTake(out DecisionRecord decision))
        {
            _decisions.Add(decision);
        }

        if (!_queue.IsEmpty)
        {
            _queue.Wake(urgent: true);
        }

        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
        {
            Log.DecisionsDropped(_logger, dropped);
        }
    }

    private void Commit(bool idle)
    {
        var started = Stopwatch.GetTimestamp();
        int rows;
        try
        {
            var database = _database!;
            database.Begin();
            foreach (var work in _work)
            {
                work.Apply(_batch);
            }

            foreach (var decision in _decisions)
            {
                _batch.AppendDecision(decision);
            }

            // Each row brings at most two entries: three are written for it, so that a generation is done before the next is full.
            rows = _batch.Rows;
            var merged = _merge?.Write(database, idle ? IdleSlice : 64 + (3 * rows)) ?? false;
            database.Commit();
            _batch.Publish();
            if (merged)
            {
                _merge = null;
                _index.DropWritten();
            }
        }
#pragma warning disable CA1031 // Whatever it was: the outcome of the commit is unknown, and the thread must live.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Break(e);
            return;
        }

        foreach (var work in _work)
        {
            work.Complete();
        }

        _work.Clear();
        _decisions.Clear();
        if (rows > 0)
        {
            _meter.Committed(Stopwatch.GetElapsedTime(started), rows);
        }

        TurnIndex(_options.IndexBatch);
    }

    private void TurnIndex(int weight)
    {
        if (_merge is null && _index.Growing.Weight >= weight)
        {
            _merge = new(_index.Turn(), _database!.LastCustomer, _database.LastEvent, _database.LastDecision, () => _queue.Wake(urgent: true));
        }
    }

    /// <summary>Nobody knows whether a failed commit is on the disk: say so to all, and read again what is there.</summary>
    private void Break(Exception e)
    {
        var reason = Explain(e);
        Log.CommitFailed(_logger, reason, _work.Count, _decisions.Count, e);
        _meter.CommitFailed();
        _meter.DecisionsDropped(_decisions.Count);
        _broken = reason;
        _database!.Dispose();
        _database = null;
        FailTaken(new StorageUnavailableException($"the commit failed, what it wrote may be there or not: {reason}; repeat with the same message ids", e));
        _queue.Wake(urgent: true);
    }

    private void FailTaken(StorageUnavailableException reason)
    {
        foreach (var work in _work)
        {
            work.Fail(reason);
        }

        _work.Clear();
        _decisions.Clear();
    }

    private bool TryReopen()
    {
        try
        {
            Open();
            _broken = null;
            _reopenDelay = ReopenDelayMin;
            return true;
        }
#pragma warning disable CA1031 // Whatever it was: the thread must live and try again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _reopenDelay = _reopenDelay * 2 < ReopenDelayMax ? _reopenDelay * 2 : ReopenDelayMax;
            _broken = Explain(e);
            Log.ReopenFailed(_logger, _broken, _reopenDelay.TotalMilliseconds, e);
            _queue.Wake(urgent: true);
            return false;
        }
    }

    private void Open()
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
        TurnIndex(_options.IndexBatch);
    }

    private void Finish()
    {
        if (_database is null)
        {
            return;
        }

        // What is not indexed now would be read again at the next start: right, but slower.
        while (_database is not null && (_merge is not null || _index.Growing.Weight > 0))
        {
            TurnIndex(weight: 1);
            _merge?.WaitUntilSorted();
            Commit(idle: true);
        }

        _database?.Dispose();
        Log.Closed(_logger, _folder.Path);
    }

    private static string Explain(Exception e) => e is SqliteException sqlite ? DataFolder.Explain(sqlite) : e.Message;
}
