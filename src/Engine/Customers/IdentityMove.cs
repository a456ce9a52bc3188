namespace Decisioning.Engine.Customers;

/// <summary>Where an identity moved when it turned out to be another one's.</summary>
/// <param name="To">The identity that has its events from then on, of the same tenant; it may have moved since.</param>
/// <param name="IsVerified">Whether someone trusted said so. Else a visitor's program did, and what may be known there is not told to visitors.</param>
/// <param name="IsDone">Whether all events from before are there.</param>
public sealed record IdentityMove(CustomerKey To, bool IsVerified, bool IsDone);
