using System.Collections.Immutable;
using System.Numerics;

namespace Decisioning.Engine.Customers;

/// <summary>
/// Which of a strategy's things are the case for a customer: as bits by index while folding, as names in a state. Names that this strategy
/// wrote are its own strings in its own order, and cost no look-up.
/// </summary>
/// <param name="names">The names by index.</param>
internal sealed class NamedBits(ImmutableArray<string> names)
{
    private readonly ulong[] _bits = new ulong[(names.Length + 63) / 64];
    private Dictionary<string, int>? _indexes;
    private bool _changed;

    /// <summary>Whether it is the case.</summary>
    public bool this[int index] => (_bits[index >> 6] >> (index & 63) & 1) != 0;

    /// <summary>Starts from the names in a state; those the strategy does not have are dropped.</summary>
    public void Read(ImmutableArray<string> held)
    {
        Array.Clear(_bits);
        var known = 0;
        for (var index = 0; known < held.Length && index < names.Length; index++)
        {
            if (ReferenceEquals(names[index], held[known]))
            {
                Set(index);
                known++;
            }
        }

        // Those of a snapshot, or of another strategy, are looked up once; from then on they are this strategy's.
        _changed = known < held.Length;
        for (; known < held.Length; known++)
        {
            _indexes ??= names.Index().DistinctBy(pair => pair.Item).ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
            if (_indexes.TryGetValue(held[known], out var index))
            {
                Set(index);
            }
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

        var held = ImmutableArray.CreateBuilder<string>();
        for (var word = 0; word < _bits.Length; word++)
        {
            for (var rest = _bits[word]; rest != 0; rest &= rest - 1)
            {
                held.Add(names[(word << 6) + BitOperations.TrailingZeroCount(rest)]);
            }
        }

        return held.DrainToImmutable();
    }

    private void Set(int index) => _bits[index >> 6] |= 1UL << (index & 63);
}
