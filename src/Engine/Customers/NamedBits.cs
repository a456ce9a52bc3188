using System.Collections.Immutable;
using System.Numerics;

namespace Decisioning.Engine.Customers;

/// <summary>
/// Which of a strategy's things are the case for a customer: as bits by index while folding, as names in a state. In a state they
/// stand in the strategy's order.
/// </summary>
/// <param name="table">The names.</param>
/// <param name="bits">Where the bits are.</param>
/// <param name="first">The first word of theirs.</param>
/// <param name="words">How many words are theirs.</param>
internal sealed class NamedBits(NameTable table, ulong[] bits, int first, int words)
{
    private bool _changed;

    /// <summary>Bits of their own.</summary>
    public NamedBits(NameTable table)
        : this(table, new ulong[(table.Names.Length + 63) / 64], 0, (table.Names.Length + 63) / 64)
    {
    }

    /// <summary>Whether it is the case.</summary>
    public bool this[int index] => (bits[first + (index >> 6)] >> (index & 63) & 1) != 0;

    /// <summary>Starts from the names in a state; those the strategy does not have are dropped.</summary>
    public void Read(ImmutableArray<string> held)
    {
        bits.AsSpan(first, words).Clear();
        _changed = false;
        foreach (var name in held)
        {
            if (table.Find(name, out var isOwn) is >= 0 and var index)
            {
                Set(index);
            }

            // Those of a snapshot, or of another strategy, are looked up once; from then on they are this strategy's.
            _changed |= !isOwn;
        }
    }

    /// <summary>Starts from the bits as they are, which say what the state does.</summary>
    public void Keep() => _changed = false;

    /// <summary>Turns one around.</summary>
    public void Flip(int index)
    {
        bits[first + (index >> 6)] ^= 1UL << (index & 63);
        _changed = true;
    }

    /// <summary>The names for the state.</summary>
    /// <param name="before">What was read; given back when nothing changed.</param>
    public ImmutableArray<string> Write(ImmutableArray<string> before)
    {
        if (!_changed)
        {
            return before;
        }

        var count = 0;
        foreach (var word in bits.AsSpan(first, words))
        {
            count += BitOperations.PopCount(word);
        }

        var held = ImmutableArray.CreateBuilder<string>(count);
        for (var word = 0; word < words; word++)
        {
            for (var rest = bits[first + word]; rest != 0; rest &= rest - 1)
            {
                held.Add(table.Names[(word << 6) + BitOperations.TrailingZeroCount(rest)]);
            }
        }

        return held.MoveToImmutable();
    }

    private void Set(int index) => bits[first + (index >> 6)] |= 1UL << (index & 63);
}
