namespace Decisioning.Engine.Scoring;

/// <summary>A score as of an instant; it decays from there.</summary>
/// <param name="Name">The score.</param>
/// <param name="Points">The points at <paramref name="At"/>, not decayed further.</param>
/// <param name="At">When the points were last changed.</param>
/// <param name="Grade">The grade last reached; empty for none. Kept for its hysteresis.</param>
public sealed record ScoreState(string Name, double Points, DateTimeOffset At, string Grade);
