using Orleans;

namespace Decisioning.Grains.Due;

/// <summary>Who sweeps a part of the due table, as stored.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.due-lease")]
public sealed record DueLease
{
    /// <summary>The activation that has the part; empty for none.</summary>
    [Id(0)]
    public string Holder { get; init; } = "";

    /// <summary>Until when it has it.</summary>
    [Id(1)]
    public DateTimeOffset Until { get; init; }
}
