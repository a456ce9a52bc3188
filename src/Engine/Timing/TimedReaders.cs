using System.Numerics;
using Decisioning.Engine.Rules;

namespace Decisioning.Engine.Timing;

/// <summary>Which of some items read what events change, so that only what reads something that did is looked at.</summary>
/// <param name="plan">Of the strategy.</param>
/// <param name="count">How many items there are.</param>
internal sealed class TimedReaders(StrategyPlan plan, int count)
{
    // By thing, the items that read it, as a bitset; null for none. Some look at every event, whatever it changes.
    private readonly ulong[]?[] _readers = new ulong[plan.Things][];
    private readonly ulong[] _always = new ulong[(count + 63) / 64];

    /// <summary>How many words a bitset of the items has.</summary>
    public int Words => _always.Length;

    /// <summary>Says what an item reads. What changes with time alone is foreseen without an event too, and left out.</summary>
    public void Add(int item, IEnumerable<string> things)
    {
        foreach (var thing in things.Where(thing => thing is not (Dependencies.Now or Dependencies.Local)))
        {
            var items = plan.Find(thing) is { } known && !plan.Always.Contains(known) ? _readers[known.Index] ??= new ulong[Words] : _always;
            items[item >> 6] |= 1UL << (item & 63);
        }
    }

    /// <summary>Finds the items that read one of some things, or may.</summary>
    /// <param name="things">The things, as <see cref="Touched.Things"/> says them; null for all.</param>
    /// <param name="items">Gets the items, as a bitset.</param>
    public void Find(ulong[]? things, Span<ulong> items)
    {
        if (things is null)
        {
            for (var word = 0; word < items.Length; word++)
            {
                items[word] = count - (word << 6) >= 64 ? ulong.MaxValue : (1UL << (count & 63)) - 1;
            }

            return;
        }

        _always.CopyTo(items);
        for (var word = 0; word < things.Length; word++)
        {
            for (var rest = things[word]; rest != 0; rest &= rest - 1)
            {
                var readers = _readers[(word << 6) + BitOperations.TrailingZeroCount(rest)];
                for (var i = 0; readers is not null && i < readers.Length; i++)
                {
                    items[i] |= readers[i];
                }
            }
        }
    }
}
