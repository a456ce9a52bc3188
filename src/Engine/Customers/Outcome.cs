namespace Decisioning.Engine.Customers;

/// <summary>What came of an offered action. Stored: never reuse a number.</summary>
public enum Outcome : byte
{
    /// <summary>Not said.</summary>
    Unspecified = 0,

    /// <summary>It was shown or sent.</summary>
    Impression = 1,

    /// <summary>It was clicked.</summary>
    Clicked = 2,

    /// <summary>It was accepted.</summary>
    Accepted = 3,

    /// <summary>It was refused.</summary>
    Rejected = 4,

    /// <summary>It was closed without an answer.</summary>
    Dismissed = 5,

    /// <summary>Nothing came back in time.</summary>
    NoResponse = 6,

    /// <summary>It led to what it was for.</summary>
    Converted = 7,
}
