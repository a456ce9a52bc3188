namespace Decisioning.Engine.Expressions;

/// <summary>What a condition came to.</summary>
public enum Truth : byte
{
    /// <summary>It does not hold.</summary>
    False = 0,

    /// <summary>It holds.</summary>
    True = 1,

    /// <summary>It cannot be told: a value was missing, a division by zero, an overflow. Rules treat it as not held and say why.</summary>
    Error = 2,
}
