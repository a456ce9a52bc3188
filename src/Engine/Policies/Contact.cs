using Decisioning.Engine.Customers;

namespace Decisioning.Engine.Policies;

/// <summary>One outcome that contact caps count.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Issue">The action's issue.</param>
/// <param name="Group">The action's group.</param>
/// <param name="Action">The action.</param>
/// <param name="Channel">The channel; empty when unknown.</param>
/// <param name="At">When, by event time.</param>
/// <param name="DecisionId">The decision it answers; empty when unknown.</param>
public sealed record Contact(Outcome Outcome, string Issue, string Group, string Action, string Channel, DateTimeOffset At, string DecisionId);
