namespace Decisioning.Engine.Customers;

/// <summary>An event with its place in the customer's log.</summary>
/// <param name="Sequence">1 for the customer's first.</param>
/// <param name="ContentHash">A hash of what the caller sent (not of when we got it), to tell a repeat from a conflict.</param>
/// <param name="Event">The event.</param>
public sealed record RecordedEvent(long Sequence, ulong ContentHash, CustomerEvent Event);
