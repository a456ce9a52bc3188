using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Decisioning.Storage.Commits;

/// <summary>
/// A thread that writes. It takes what waits, does it in one transaction, and answers when that is on the disk; the longer a
/// commit takes, the more the next one carries. After a commit that failed it opens the database again, at growing
/// intervals, and refuses what is asked meanwhile at once.
/// </summary>
/// <typeparam name="TBatch">The transaction as the pieces of work see it.</typeparam>
internal abstract class GroupWriter<TBatch> : IDisposable
{
    private const int DecisionsPerCommit = 1024;
    private const int AnsweredTogether = 32;
    private static readonly TimeSpan ReopenDelayMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReopenDelayMax = TimeSpan.FromSeconds(5);

    private readonly int _commitAppendsMax;
    private readonly WorkQueue<TBatch> _queue;
    private readonly StorageMeter _meter;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new(initialState: false, spinCount: 0);
    private readonly List<Work<TBatch>> _work = [];
    private readonly List<QueuedDecision> _decisions = [];

    private bool _open;
    private bool _decisionsFailed;
    private volatile string? _broken;
    private TimeSpan _reopenDelay = ReopenDelayMin;
    private long _dropped;

    /// <param name="options">What may wait, for all writers of the store together.</param>
    /// <param name="writers">How many writers the store has.</param>
    /// <param name="meter">What is measured.</param>
    /// <param name="logger">What is said.</param>
    /// <param name="name">The thread's name.</param>
    protected GroupWriter(StorageOptions options, int writers, StorageMeter meter, ILogger logger, string name)
    {
        _commitAppendsMax = options.CommitAppendsMax;
        _meter = meter;
        _logger = logger;
        _queue = new(options, writers);
        _thread = new(Run) { IsBackground = true, Name = name };
    }

    /// <summary>Work that waits.</summary>
    public int WorkWaiting => _queue.WorkWaiting;

    /// <summary>How much of what may wait does, 0 to 1.</summary>
    public double Fullness => _queue.Fullness;

    /// <summary>Whether the database is open.</summary>
    public bool CanWrite => _broken is null;

    /// <summary>Decisions that wait.</summary>
    public int DecisionsWaiting => _queue.DecisionsWaiting;

    /// <summary>Whether there is something to write although nothing waits.</summary>
    protected virtual bool HasWorkOfItsOwn => false;

    /// <summary>Erasures known of now, where other processes erase as well. Any thread.</summary>
    protected virtual long Generation => 0;

    /// <summary>Whether the decisions of this commit were in one that failed, so that they may be on the disk.</summary>
    protected bool DecisionsMayBeWritten => _decisionsFailed;

    /// <summary>Puts work into the queue.</summary>
    /// <returns>False when the queue stayed full.</returns>
    /// <exception cref="StorageUnavailableException">The database is not open at the moment, or never again.</exception>
    public async ValueTask<bool> EnqueueAsync(Work<TBatch> work, CancellationToken cancellationToken)
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
        var taken = _queue.TryEnqueue(new QueuedDecision(decision, Generation));
        if (!taken)
        {
            _meter.DecisionsDropped(1);
            Interlocked.Increment(ref _dropped);
        }

        return taken;
    }

    /// <summary>Waits until the decisions that were taken before are written, also those whose commit fails and that the next one takes along.</summary>
    /// <param name="whenFull">What is said when the queue stays full.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed or is busy.</exception>
    public async Task DecisionsWrittenAsync(string whenFull, CancellationToken cancellationToken)
    {
        // Each commit takes its share of them along, the oldest first; those of the one under way may be a share of the next.
        for (var left = DecisionsWaiting + DecisionsPerCommit; left > 0; left -= DecisionsPerCommit)
        {
            await this.DoAsync(new NoWork(), whenFull, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what waits and closes.</summary>
    public void Dispose()
    {
        _queue.Close();
        _stopping.Set();
        _queue.Wake(urgent: true);
        _thread.Join();
        _queue.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Opens the database and starts to write. Once.</summary>
    protected void Start()
    {
        Open();
        _open = true;
        _thread.Start();
    }

    /// <summary>Opens the database, at the start and again after each failure.</summary>
    protected abstract void Open();

    /// <summary>Closes the database, whatever state it is in; what it holds is not to be trusted if a commit failed.</summary>
    protected abstract void Close();

    /// <summary>Writes, in one transaction or in several if it must; afterwards all of it is on the disk.</summary>
    /// <returns>The events and decisions written.</returns>
    protected abstract int Commit(IReadOnlyList<Work<TBatch>> work, IReadOnlyList<QueuedDecision> decisions);

    /// <summary>The commit is done and answered.</summary>
    protected virtual void Committed()
    {
    }

    /// <summary>Writes what is left to write when everything that waited is written; the database is closed after it.</summary>
    protected virtual void Finish()
    {
    }

    /// <summary>What an exception means to who runs the engine.</summary>
    protected abstract string Explain(Exception e);

    /// <summary>Wakes the thread when <see cref="HasWorkOfItsOwn"/> has become true.</summary>
    protected void Wake() => _queue.Wake(urgent: true);

    /// <summary>One commit of what was taken, which may be nothing.</summary>
    /// <returns>False when it failed: the database is closed.</returns>
    protected bool TryCommit()
    {
        var started = Stopwatch.GetTimestamp();
        var span = CommitSpan.Start(_work);
        int rows;
        try
        {
            rows = Commit(_work, _decisions);
        }
#pragma warning disable CA1031 // Whatever it was: the outcome of the commit is unknown, and the thread must live.
        catch (Exception e)
#pragma warning restore CA1031
        {
            CommitSpan.End(span, _work.Count, isFailed: true);
            Break(e);
            return false;
        }

        CommitSpan.End(span, rows, isFailed: false);
        Answer(null);
        _decisions.Clear();
        _decisionsFailed = false;
        if (rows > 0)
        {
            _meter.Committed(Stopwatch.GetElapsedTime(started), rows);
        }

        Committed();
        return true;
    }

    private void Run()
    {
        while (!_stopping.IsSet || !_queue.IsEmpty)
        {
            if (!HasWorkOfItsOwn || !_queue.IsEmpty)
            {
                _queue.WaitForWork();
            }

            if (!_open && !TryReopen())
            {
                // Decisions may wait for better times; nobody waits for them.
                Take(decisions: false);
                Answer(new StorageUnavailableException($"nothing was written: {_broken}"));
                if (_stopping.IsSet)
                {
                    Take(decisions: true);
                    DropDecisions();
                }

                _stopping.Wait(_reopenDelay);
                continue;
            }

            Take(decisions: true);
            TryCommit();
        }

        DropDecisions();
        if (_open)
        {
            Finish();
            Close();
        }
    }

    private void Take(bool decisions)
    {
        while (_work.Count < _commitAppendsMax && _queue.TryTake(out Work<TBatch> work))
        {
            _work.Add(work);
        }

        while (decisions && _decisions.Count < DecisionsPerCommit && _queue.TryTake(out QueuedDecision decision))
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

    /// <summary>Nobody knows whether a failed commit is on the disk: say so to all, and open again.</summary>
    private void Break(Exception e)
    {
        var reason = Explain(e);
        Log.CommitFailed(_logger, reason, _work.Count, _decisionsFailed ? _decisions.Count : 0, e);
        _meter.CommitFailed();
        _broken = reason;
        _open = false;
        Close();

        // Later decisions say only what is new of the offers that count: what a commit lost is written again, but not for ever.
        if (_decisionsFailed)
        {
            DropDecisions();
        }

        _decisionsFailed = _decisions.Count > 0;
        Answer(new StorageUnavailableException($"the commit failed, what it wrote may be there or not: {reason}; repeat with the same message ids", e));
        _queue.Wake(urgent: true);
    }

    // The callers' next steps run on the thread pool, some dozens of callers at a time: to hand over each by itself costs more than its
    // step, and all at once would leave the other cores idle.
    private void Answer(StorageUnavailableException? failure)
    {
        var work = _work.ToArray();
        for (var at = 0; at < work.Length; at += AnsweredTogether)
        {
            var some = new ArraySegment<Work<TBatch>>(work, at, Math.Min(AnsweredTogether, work.Length - at));
            ThreadPool.UnsafeQueueUserWorkItem(new Answers(some, failure), preferLocal: false);
        }

        _work.Clear();
    }

    private void DropDecisions()
    {
        _meter.DecisionsDropped(_decisions.Count);
        _decisions.Clear();
    }

    private bool TryReopen()
    {
        try
        {
            Open();
            _open = true;
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

    private sealed class NoWork : Work<TBatch, bool>
    {
        public override void Apply(TBatch batch) => Result = true;
    }

    private sealed class Answers(ArraySegment<Work<TBatch>> work, StorageUnavailableException? failure) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var answered in work)
            {
                if (failure is null)
                {
                    answered.Complete();
                }
                else
                {
                    answered.Fail(failure);
                }
            }
        }
    }
}
