namespace Decisioning.Engine.Values;

/// <summary>What a <see cref="Value"/> holds. The numbers are stored: never change or reuse one.</summary>
public enum ValueKind : byte
{
    /// <summary>No value.</summary>
    Null = 0,

    /// <summary>True or false.</summary>
    Bool = 1,

    /// <summary>A 64-bit signed integer.</summary>
    Int = 2,

    /// <summary>A 64-bit unsigned integer.</summary>
    UInt = 3,

    /// <summary>A 64-bit IEEE 754 number.</summary>
    Double = 4,

    /// <summary>Unicode text.</summary>
    String = 5,

    /// <summary>An instant, in whole microseconds.</summary>
    Timestamp = 6,

    /// <summary>A span of time, in whole microseconds.</summary>
    Duration = 7,

    /// <summary>An ordered list of values.</summary>
    List = 8,

    /// <summary>Named values.</summary>
    Map = 9,

    /// <summary>Raw bytes.</summary>
    Bytes = 10,
}
