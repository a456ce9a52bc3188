namespace Decisioning.Storage.Sqlite;

/// <summary>
/// Writes a generation of index entries to the tables in key order, a slice with each commit: sorted, so that a page is
/// written once for all its entries; in slices, so that no commit is long. Only the last slice says that the generation is
/// indexed; a crash before it writes the generation again.
/// </summary>
internal sealed class IndexMerge
{
    private readonly long _lastCustomer;
    private readonly long _lastEvent;
    private readonly long _lastDecision;
    private readonly HashSet<long> _forgotten;
    private readonly Task<Sorted> _sorting;
    private int _messagesWritten;
    private int _headsWritten;

    /// <summary>Starts sorting, off the writer's thread.</summary>
    /// <param name="generation">What is to be written; it no longer changes, but customers may be forgotten.</param>
    /// <param name="lastCustomer">The last customer it covers.</param>
    /// <param name="lastEvent">The last event it covers.</param>
    /// <param name="lastDecision">The last decision it covers.</param>
    /// <param name="sorted">Called when it is sorted.</param>
    public IndexMerge(IndexGeneration generation, long lastCustomer, long lastEvent, long lastDecision, Action sorted)
    {
        (_lastCustomer, _lastEvent, _lastDecision) = (lastCustomer, lastEvent, lastDecision);
        _forgotten = generation.Forgotten;
        _sorting = Task.Run(() => Sorted.Of(generation));
        _ = _sorting.ContinueWith(_ => sorted(), TaskScheduler.Default);
    }

    /// <summary>Whether a slice can be written; until then writing does nothing.</summary>
    public bool IsSorted => _sorting.IsCompleted;

    public void WaitUntilSorted() => _sorting.Wait();

    /// <summary>Writes at most so many entries into the transaction that is open.</summary>
    /// <param name="database">Where.</param>
    /// <param name="entries">How many.</param>
    /// <returns>Whether this was the last slice: drop the generation after the commit.</returns>
    public bool Write(LogDatabase database, int entries)
    {
        if (!IsSorted)
        {
            return false;
        }

        var sorted = _sorting.GetAwaiter().GetResult();
        for (; entries > 0 && _messagesWritten < sorted.Messages.Length; entries--)
        {
            var (key, position) = sorted.Messages[_messagesWritten++];
            if (!_forgotten.Contains(key.CustomerId))
            {
                database.PutMessage(key, position);
            }
        }

        for (; entries > 0 && _headsWritten < sorted.Heads.Length; entries--)
        {
            var head = sorted.Heads[_headsWritten++];
            if (!_forgotten.Contains(head.CustomerId))
            {
                database.PutHead(head);
            }
        }

        if (_messagesWritten < sorted.Messages.Length || _headsWritten < sorted.Heads.Length)
        {
            return false;
        }

        database.PutIndexed(_lastCustomer, _lastEvent, _lastDecision);
        return true;
    }

    private sealed record Sorted(KeyValuePair<MessageKey, long>[] Messages, CustomerHead[] Heads)
    {
        public static Sorted Of(IndexGeneration generation)
        {
            var messages = generation.Messages.ToArray();
            Array.Sort(messages, static (left, right) => left.Key.CompareTo(right.Key));
            var heads = generation.Heads.Values.ToArray();
            Array.Sort(Array.ConvertAll(heads, static head => KeyHash.Of(head.Key)), heads);
            return new(messages, heads);
        }
    }
}
