namespace Decisioning.Engine.Arbitration;

/// <summary>An action that came through the funnel and competes for a placement.</summary>
/// <param name="Candidate">Which, as the caller counts.</param>
/// <param name="Priority">The product of the parts that count: propensity × context weight × value × lever weight.</param>
/// <param name="Worth">What a positive response is worth.</param>
public readonly record struct Entrant(int Candidate, double Priority, double Worth);
