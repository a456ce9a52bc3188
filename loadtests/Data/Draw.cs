using System.Runtime.InteropServices;

namespace Decisioning.LoadTests.Data;

/// <summary>
/// Chance that is a function of what it is for: the numbers of call 4,711 are the same whichever thread makes it and whatever came
/// before. SplitMix64 (Steele, Lea, Flood 2014).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Draw
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <param name="seed">Of the whole run.</param>
    /// <param name="purpose">What kind of thing it is for.</param>
    /// <param name="number">Which one of them.</param>
    public Draw(int seed, int purpose, long number)
    {
        unchecked
        {
            _state = (ulong)seed;
            _state = Next() ^ (ulong)purpose;
            _state = Next() ^ (ulong)number;
        }
    }

    /// <summary>A number from 0 to below 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to below one.</summary>
    public int Below(int end) => (int)Math.BigMul(Next(), (ulong)end, out _);

    private ulong Next()
    {
        unchecked
        {
            var mixed = _state += Step;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
