namespace Decisioning.Engine.Customers;

/// <summary>What kind of call an event came from (the six of the Segment spec, and ours). Stored: never reuse a number.</summary>
public enum EventType : byte
{
    /// <summary>Something happened: <c>track</c>.</summary>
    Track = 1,

    /// <summary>Traits of the customer became known: <c>identify</c>.</summary>
    Identify = 2,

    /// <summary>A web page was seen: <c>page</c>.</summary>
    Page = 3,

    /// <summary>An app screen was seen: <c>screen</c>.</summary>
    Screen = 4,

    /// <summary>The customer belongs to a group: <c>group</c>.</summary>
    Group = 5,

    /// <summary>Two ids are one customer: <c>alias</c>.</summary>
    Alias = 6,

    /// <summary>What came of a decision: a captured response.</summary>
    Response = 7,

    /// <summary>
    /// Nothing happened but time: what changes by time alone is looked at. Made by the engine (<see cref="Waking"/>), never by a caller;
    /// features do not count it, and rules that look at an event do not see it.
    /// </summary>
    Wake = 8,

    /// <summary>
    /// Two identities turned out to be one customer. Made by the engine (<see cref="Linking"/>), never by a caller; nothing counts it, no rule sees it.
    /// </summary>
    Link = 9,
}
