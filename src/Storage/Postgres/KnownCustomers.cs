using System.Collections.Concurrent;

namespace Decisioning.Storage.Postgres;

/// <summary>
/// What never changes of the customers met lately, whatever other processes write, until customers are erased. A customer whose row is not on the disk yet may
/// be lost when the server crashes, and the number given to another: it is kept only after a commit that waited for the disk came
/// after it. Two generations: when the younger is full it becomes the elder, and the elder is forgotten.
/// </summary>
/// <param name="max">Customers kept at most.</param>
internal sealed class KnownCustomers(int max)
{
    private volatile Generations _generations = new(0, [], []);

    /// <summary>The generation of erasures that what is kept was learnt in or after.</summary>
    public long Generation => _generations.Number;

    /// <summary>A customer; null when it is not in memory.</summary>
    public KnownCustomer? Find(string key)
    {
        var generations = _generations;
        if (generations.Younger.TryGetValue(key, out var customer))
        {
            return customer;
        }

        return generations.Elder.TryGetValue(key, out customer) ? Keep(key, customer, generations.Number) : null;
    }

    /// <summary>
    /// Forgets all: customers were erased, or the server may be another one than before, which lacks the last that the other committed.
    /// </summary>
    /// <param name="generation">The generation of erasures, read before anything is learnt.</param>
    public void Clear(long generation) => _generations = new(generation, [], []);

    /// <summary>Forgets all because customers were erased, unless that is known by now.</summary>
    /// <param name="generation">The generation of erasures, read before anything is learnt.</param>
    /// <param name="known"><see cref="Generation"/> of before that was read.</param>
    public void Clear(long generation, long known)
    {
        var generations = _generations;
        if (generations.Number == known && known != generation)
        {
            Interlocked.CompareExchange(ref _generations, new(generation, [], []), generations);
        }
    }

    /// <summary>Forgets all after an erasure of this process, or one that somebody's row tells of. They are heard of in any order: an earlier one changes nothing.</summary>
    /// <param name="generation">The generation of erasures that this one began.</param>
    public void Advance(long generation)
    {
        for (var generations = _generations; generations.Number < generation; generations = _generations)
        {
            Interlocked.CompareExchange(ref _generations, new(generation, [], []), generations);
        }
    }

    /// <summary>Keeps a customer whose row is on the disk, unless customers were erased since it was learnt.</summary>
    /// <param name="key">The customer's key.</param>
    /// <param name="customer">The customer.</param>
    /// <param name="generation"><see cref="Generation"/> of before it was asked for.</param>
    /// <returns>The one that is kept, which may have been there before.</returns>
    public KnownCustomer Keep(string key, KnownCustomer customer, long generation)
    {
        var generations = _generations;
        if (generations.Number != generation)
        {
            return customer;
        }

        var kept = generations.Younger.GetOrAdd(key, customer);
        if (ReferenceEquals(kept, customer) && generations.Grow() > max / 2)
        {
            Interlocked.CompareExchange(ref _generations, new(generation, [], generations.Younger), generations);
        }

        return kept;
    }

    private sealed record Generations(long Number, ConcurrentDictionary<string, KnownCustomer> Younger, ConcurrentDictionary<string, KnownCustomer> Elder)
    {
        private int _count;

        // Counting a concurrent dictionary locks all of it.
        public int Grow() => Interlocked.Increment(ref _count);
    }
}

/// <summary>What is known of a customer for good.</summary>
/// <param name="number">Its number.</param>
/// <param name="born">The generation of erasures in which it got its number.</param>
internal sealed class KnownCustomer(long number, long born)
{
    private long _sequence;

    /// <summary>The customer's number.</summary>
    public long Number => number;

    /// <summary>The generation of erasures in which it got its number: who was known by its key in an earlier one was erased.</summary>
    public long Born => born;

    /// <summary>An event that is in the log; there may be later ones. Events are deleted only with their customer.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>An event is in the log, committed.</summary>
    public void See(long sequence)
    {
        // Losing a race costs a question to the database, no more.
        if (sequence > Sequence)
        {
            Volatile.Write(ref _sequence, sequence);
        }
    }
}
