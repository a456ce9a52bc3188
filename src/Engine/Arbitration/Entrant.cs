namespace Decisioning.Engine.Arbitration;

/// <summary>An action that came through the funnel and competes for a placement.</summary>
/// <param name="Candidate">Which, as the caller counts.</param>
/// <param name="Priority">propensity × context weight × value × lever weight.</param>
/// <param name="Value">What a positive response is worth.</param>
/// <param name="NameRank">Its rank among all actions by issue, group and name in ordinal order; no two actions share one.</param>
public readonly record struct Entrant(int Candidate, double Priority, double Value, int NameRank);
