using System.Numerics;

namespace Decisioning.Engine.Features;

/// <summary>
/// HyperLogLog over sliding windows (Flajolet et al. 2007; sliding as Chabchoub and Hébrail 2010): 256 registers, each with the ranks that
/// can still be the highest of some window, by the bucket they came in. A rank is kept while no later bucket has one as high. The
/// standard error is 1.04 / √256 = 6.5 %. One word of 8 bytes each: about 256 × log2(values in the longest window / 256), and never more
/// than 256 × 24 × 8 bytes = 48 KB. A function of the set of values and their buckets.
/// </summary>
internal readonly struct SlidingRegisters
{
    private const int IndexBits = 8;
    private const int Registers = 1 << IndexBits;
    private const int RankMax = 24;

    // A start has its low 14 bits free (see Window): 8 of them for the register, 6 for the rank.
    private const int RankBits = 6;
    private const long RankMask = (1 << RankBits) - 1;
    private const long LowMask = (1 << (IndexBits + RankBits)) - 1;
    private const double Alpha = 0.7213 / (1 + (1.079 / Registers));

    // By register, then by start; the ranks of a register fall. Never written to.
    private readonly long[] _words;

    private SlidingRegisters(long[] words) => _words = words;

    public static SlidingRegisters Empty { get; } = new([]);

    public static SlidingRegisters Read(ReadOnlySpan<long> words) => new(words.ToArray());

    public IEnumerable<long> Words() => _words;

    public IEnumerable<long> Starts() => _words.Select(StartOf).Distinct();

    /// <summary>The registers with a value seen in the bucket with a start.</summary>
    public SlidingRegisters With(long hash, long start)
    {
        var bits = unchecked((ulong)hash);
        var register = (int)(bits >> (64 - IndexBits));
        var rank = Math.Min(BitOperations.LeadingZeroCount((bits << IndexBits) | 1) + 1, RankMax);
        var from = FirstOf(register);
        var to = from;
        for (; to < _words.Length && RegisterOf(_words[to]) == register; to++)
        {
            if (StartOf(_words[to]) >= start && RankOf(_words[to]) >= rank)
            {
                return this;
            }
        }

        // Those before it with a lower rank cannot be the highest any more.
        var keep = from;
        while (keep < to && StartOf(_words[keep]) <= start && RankOf(_words[keep]) > rank)
        {
            keep++;
        }

        var after = keep;
        while (after < to && StartOf(_words[after]) <= start)
        {
            after++;
        }

        return new([.. _words.AsSpan(..keep), start | ((long)register << RankBits) | (long)rank, .. _words.AsSpan(after..)]);
    }

    /// <summary>What is left at an instant.</summary>
    public SlidingRegisters Expire(long now, CellPlan plan)
    {
        var kept = new List<long>(_words.Length);
        foreach (var word in _words)
        {
            // Of words of one register that come into one bucket, the first has the highest rank.
            var start = plan.Start(StartOf(word), now);
            if (start != CellPlan.Out && (kept.Count == 0 || RegisterOf(kept[^1]) != RegisterOf(word) || StartOf(kept[^1]) != start))
            {
                kept.Add(start | (word & LowMask));
            }
        }

        return new([.. kept]);
    }

    /// <summary>When the next word leaves a window.</summary>
    public long LeavesAt(long now, CellPlan plan)
    {
        var least = long.MaxValue;
        foreach (var word in _words)
        {
            least = Math.Min(least, plan.LeavesAt(StartOf(word), now));
        }

        return least;
    }

    /// <summary>About how many values were seen in the buckets that start at an instant or later.</summary>
    public long Estimate(long from)
    {
        var (sum, empty, last) = ((double)Registers, Registers, -1);
        foreach (var word in _words)
        {
            if (StartOf(word) >= from && RegisterOf(word) != last)
            {
                last = RegisterOf(word);
                sum += Math.ScaleB(1, -RankOf(word)) - 1;
                empty--;
            }
        }

        // Few values leave registers empty; their number tells more than the ranks do (linear counting).
        var estimate = Alpha * Registers * Registers / sum;
        return (long)Math.Round(estimate <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : estimate);
    }

    private static long StartOf(long word) => word & ~LowMask;

    private static int RegisterOf(long word) => (int)((word & LowMask) >> RankBits);

    private static int RankOf(long word) => (int)(word & RankMask);

    private int FirstOf(int register)
    {
        var (low, high) = (0, _words.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (RegisterOf(_words[middle]) < register)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
