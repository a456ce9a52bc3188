using System.Collections.Immutable;
using Orleans;

namespace Decisioning.Engine.Values;

/// <summary>The bytes behind a <see cref="Value"/>: compare by content.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.value-bytes")]
internal sealed record ValueBytes([property: Id(0)] ImmutableArray<byte> Bytes)
{
    public bool Equals(ValueBytes? other) => other is not null && Bytes.AsSpan().SequenceEqual(other.Bytes.AsSpan());

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.AsSpan());
        return hash.ToHashCode();
    }

    public override string ToString() => "b\"" + Convert.ToHexStringLower(Bytes.AsSpan()) + "\"";
}
