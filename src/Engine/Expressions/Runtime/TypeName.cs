namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>A type as a value: what `type(x)` gives and what `int`, `string`, … name.</summary>
internal sealed record TypeName(string Name)
{
    private static readonly TypeName[] ByKind =
    [
        new("null_type"), new("bool"), new("int"), new("uint"), new("double"), new("string"), new("bytes"),
        new("google.protobuf.Timestamp"), new("google.protobuf.Duration"), new("list"), new("map"), new("type"),
    ];

    public static IEnumerable<TypeName> All => ByKind;

    public static TypeName Of(DynKind kind) => ByKind[(int)kind];
}
