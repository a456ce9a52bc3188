namespace Orleans;

/// <summary>The serializer of this type is generated.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute;

/// <summary>The stable number of a serialized member.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class IdAttribute(uint id) : Attribute
{
    /// <summary>The number.</summary>
    public uint Id { get; } = id;
}

/// <summary>Never changed after it was sent: not copied.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class ImmutableAttribute : Attribute;

/// <summary>The stable name of a type or method.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    /// <summary>The name.</summary>
    public string Alias { get; } = alias;
}
