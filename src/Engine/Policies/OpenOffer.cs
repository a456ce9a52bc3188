namespace Decisioning.Engine.Policies;

/// <summary>
/// An item of a decision that waits for its response. It counts as an impression against caps until a response for
/// the same decision and action comes or it expires.
/// </summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Issue">The action's issue.</param>
/// <param name="Group">The action's group.</param>
/// <param name="Action">The action.</param>
/// <param name="Channel">The channel.</param>
/// <param name="At">When it was decided.</param>
/// <param name="ExpiresAt">When it stops counting (exclusive).</param>
public sealed record OpenOffer(string DecisionId, string Issue, string Group, string Action, string Channel, DateTimeOffset At, DateTimeOffset ExpiresAt);
