namespace Decisioning.Engine.Decisions;

/// <summary>
/// A set of actions by their <see cref="PlannedAction.Position"/>, 64 a word, of which only words with any are kept: a set of one costs
/// one word, a set of all 40 for <see cref="Limits.ActionsMax"/>. Immutable.
/// </summary>
internal readonly struct ActionSet
{
    // Most sets have one word: it stands here, so that asking them leads nowhere else.
    private readonly ulong _bits;
    private readonly int _word;
    private readonly (int Word, ulong Bits)[]? _more;

    private ActionSet((int Word, ulong Bits)[] words)
    {
        if (words.Length > 0)
        {
            (_word, _bits) = words[0];
        }

        _more = words.Length > 1 ? words[1..] : null;
    }

    /// <summary>The set of actions at some positions.</summary>
    public static ActionSet Of(IEnumerable<int> positions) => new([.. positions
        .GroupBy(position => position >> 6)
        .OrderBy(word => word.Key)
        .Select(word => (word.Key, word.Aggregate(0UL, (bits, position) => bits | (1UL << position))))]);

    /// <summary>Whether any of them is among others.</summary>
    public bool Overlaps(ReadOnlySpan<ulong> others)
    {
        if (_bits == 0)
        {
            return false;
        }

        if ((others[_word] & _bits) != 0)
        {
            return true;
        }

        if (_more is not null)
        {
            foreach (var (word, bits) in _more)
            {
                if ((others[word] & bits) != 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Adds them to others.</summary>
    public void AddTo(Span<ulong> others)
    {
        if (_bits == 0)
        {
            return;
        }

        others[_word] |= _bits;
        foreach (var (word, bits) in _more ?? [])
        {
            others[word] |= bits;
        }
    }

    /// <summary>Takes them out of others.</summary>
    public void RemoveFrom(Span<ulong> others)
    {
        if (_bits == 0)
        {
            return;
        }

        others[_word] &= ~_bits;
        foreach (var (word, bits) in _more ?? [])
        {
            others[word] &= ~bits;
        }
    }
}
