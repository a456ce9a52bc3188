namespace Decisioning.Engine.Rules;

/// <summary>Who reads one thing that events change: the rules as a dense bitset by index, the stages as bits by index.</summary>
/// <param name="name">The thing, as a dotted name: <c>features.visits_7d</c>, <c>tags.hot</c>.</param>
/// <param name="words">Words of the bitset: 64 rules each.</param>
internal sealed class Readers(string name, int words)
{
    public string Name { get; } = name;

    public ulong[] Rules { get; } = new ulong[words];

    /// <summary>Stages by index: <see cref="Limits.StagesMax"/> is 32.</summary>
    public uint Stages { get; private set; }

    /// <summary>Whether nobody reads it.</summary>
    public bool IsUnread { get; private set; } = true;

    public void AddRule(int index)
    {
        Rules[index >> 6] |= 1UL << (index & 63);
        IsUnread = false;
    }

    public void AddStage(int index)
    {
        Stages |= 1U << index;
        IsUnread = false;
    }
}
