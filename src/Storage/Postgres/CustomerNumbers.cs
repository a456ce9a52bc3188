using System.Collections.Concurrent;

namespace Decisioning.Storage.Postgres;

/// <summary>
/// The numbers of customers met lately. A number never changes once its row is on the disk, so it may be kept whatever other
/// processes write; one whose row is not on the disk yet may be lost when the server crashes, and given to another customer: it is
/// kept only after a commit that waited for the disk came after it. Two generations: when the younger is full it becomes the elder, and the elder is forgotten.
/// </summary>
/// <param name="max">Customers kept at most.</param>
internal sealed class CustomerNumbers(int max)
{
    private volatile Generations _generations = new([], []);

    /// <summary>The number of a customer; 0 when it is not in memory.</summary>
    public long Find(string key)
    {
        var generations = _generations;
        if (generations.Younger.TryGetValue(key, out var number))
        {
            return number;
        }

        if (!generations.Elder.TryGetValue(key, out number))
        {
            return 0;
        }

        Keep(key, number);
        return number;
    }

    public void Keep(string key, long number)
    {
        var generations = _generations;
        if (generations.Younger.TryAdd(key, number) && generations.Grow() > max / 2)
        {
            Interlocked.CompareExchange(ref _generations, new([], generations.Younger), generations);
        }
    }

    private sealed record Generations(ConcurrentDictionary<string, long> Younger, ConcurrentDictionary<string, long> Elder)
    {
        private int _count;

        // Counting a concurrent dictionary locks all of it.
        public int Grow() => Interlocked.Increment(ref _count);
    }
}
