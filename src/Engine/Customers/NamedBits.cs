using System.Collections.Immutable;
using System.Numerics;

namespace Decisioning.Engine.Customers;

/// <summary>
/// Which of a strategy's things are the case for a customer: as bits by index while folding, as names in a state. In a state they
/// stand in the strategy's order.
/// </summary>
/// <param name="table">The names.</param>
internal sealed class NamedBits(NameTable table)
{
    private readonly ulong[] _bits = new ulong[(table.Names.Length + 63) / 64];
    private bool _changed;

    /// <summary>Whether it is the case.</summary>
    public bool this[int index] => (_bits[index >> 6] >> (index & 63) & 1) != 0;

    /// <summary>A word of the bits.</summary>
    public ulong Word(int word) => _bits[word];

    /// <summary>Starts from the names in a state; those the strategy does not have are dropped.</summary>
    public void Read(ImmutableArray<string> held)
    {
        Array.Clear(_bits);
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

    /// <summary>Turns one around.</summary>
    public void Flip(int index)
    {
        _bits[index >> 6] ^= 1UL << (index & 63);
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
        foreach (var word in _bits)
        {
            count += BitOperations.PopCount(word);
        }

        var held = ImmutableArray.CreateBuilder<string>(count);
        for (var word = 0; word < _bits.Length; word++)
        {
            for (var rest = _bits[word]; rest != 0; rest &= rest - 1)
            {
                held.Add(table.Names[(word << 6) + BitOperations.TrailingZeroCount(rest)]);
            }
        }

        return held.MoveToImmutable();
    }

    private void Set(int index) => _bits[index >> 6] |= 1UL << (index & 63);
}
