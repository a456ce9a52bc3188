namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>What is wanted of a predicate. An error is neither true nor false.</summary>
internal enum Want : byte
{
    /// <summary>It holds.</summary>
    True,

    /// <summary>It is told not to hold.</summary>
    False,

    /// <summary>It does not hold, or cannot be told.</summary>
    NotTrue,

    /// <summary>It holds, or cannot be told.</summary>
    NotFalse,
}

/// <summary>A predicate and what is wanted of it.</summary>
internal readonly record struct Goal(Predicate Predicate, Want Want)
{
    /// <summary>Whether a truth is what is wanted.</summary>
    public static bool IsMet(Want want, Truth truth) => want switch
    {
        Want.True => truth == Truth.True,
        Want.False => truth == Truth.False,
        Want.NotTrue => truth != Truth.True,
        _ => truth != Truth.False,
    };

    /// <summary>What is wanted of a predicate when this is wanted of its opposite.</summary>
    public static Want Opposite(Want want) => want switch
    {
        Want.True => Want.False,
        Want.False => Want.True,
        Want.NotTrue => Want.NotFalse,
        _ => Want.NotTrue,
    };
}
