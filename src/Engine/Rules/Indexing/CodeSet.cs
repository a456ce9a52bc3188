using System.Globalization;
using System.Runtime.InteropServices;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>Some codes of a column: mostly from one to another, else a bitset.</summary>
internal sealed class CodeSet
{
    private readonly ulong[]? _bits;

    /// <summary>The codes from a lowest to a highest, both included; empty when the highest is below.</summary>
    public CodeSet(int low, int high) => (Low, High) = (low, high);

    /// <summary>Some codes of all.</summary>
    public CodeSet(ReadOnlySpan<bool> contained)
    {
        Low = Math.Max(0, contained.IndexOf(true));
        High = contained.LastIndexOf(true);
        if (High < 0 || !contained[Low..(High + 1)].Contains(false))
        {
            return;
        }

        _bits = new ulong[(contained.Length + 63) / 64];
        for (var code = 0; code < contained.Length; code++)
        {
            if (contained[code])
            {
                _bits[code >> 6] |= 1UL << (code & 63);
            }
        }
    }

    /// <summary>The lowest.</summary>
    public int Low { get; }

    /// <summary>The highest; below <see cref="Low"/> when there is none.</summary>
    public int High { get; }

    /// <summary>Whether all codes in between are contained.</summary>
    public bool IsWhole => _bits is null;

    /// <summary>The same text for the same codes: to find equal ones.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Low}-{High}{(_bits is null ? "" : ":" + Convert.ToHexString(MemoryMarshal.AsBytes<ulong>(_bits)))}");

    public bool Contains(int code) => code >= Low && code <= High && (_bits is null || (_bits[code >> 6] >> (code & 63) & 1) != 0);
}
