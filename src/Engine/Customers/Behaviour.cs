namespace Decisioning.Engine.Customers;

/// <summary>Whether a response is good news. Stored: never reuse a number.</summary>
public enum Behaviour : byte
{
    /// <summary>Not said: it follows from the outcome.</summary>
    Unspecified = 0,

    /// <summary>Good news.</summary>
    Positive = 1,

    /// <summary>Bad news.</summary>
    Negative = 2,

    /// <summary>Neither.</summary>
    Neutral = 3,
}
