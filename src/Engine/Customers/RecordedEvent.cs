namespace Decisioning.Engine.Customers;

/// <summary>An event with its place in the customer's log.</summary>
/// <param name="Sequence">1 for the customer's first.</param>
/// <param name="ContentHash">A hash of what the caller sent (not of when we got it), to tell a repeat from a conflict.</param>
/// <param name="Event">The event.</param>
/// <param name="StrategyVersion">
/// The version of the strategy that it became state with, so that the log alone says what the state is. Default: 0, not known, in logs of
/// before this was kept: the strategy in force.
/// </param>
public sealed record RecordedEvent(long Sequence, ulong ContentHash, CustomerEvent Event, long StrategyVersion = 0);
