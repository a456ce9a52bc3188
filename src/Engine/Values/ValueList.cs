using System.Collections.Immutable;
using Orleans;

namespace Decisioning.Engine.Values;

/// <summary>The list behind a <see cref="Value"/>: compares by its items.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.value-list")]
internal sealed record ValueList([property: Id(0)] ImmutableArray<Value> Items)
{
    public bool Equals(ValueList? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in Items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => "[" + string.Join(", ", Items) + "]";
}
