namespace Decisioning.Storage.Commits;

/// <summary>A decision that waits to be written.</summary>
/// <param name="Record">The decision.</param>
/// <param name="Generation">The store's erasures that its writer knew of when it came: one of before an erasure must not bring the customer back.</param>
internal readonly record struct QueuedDecision(DecisionRecord Record, long Generation);
