namespace Decisioning.Engine.Rules;

/// <summary>A tag a customer carries.</summary>
/// <param name="Name">The tag.</param>
/// <param name="Level">How strong, in the author's words; empty when the rule gives none.</param>
/// <param name="Evidence">The rule that gave it, and after a colon the evidence it gave with it; at most <see cref="Limits.TagEvidenceCharsMax"/> characters.</param>
/// <param name="Since">When it was given first, by event time.</param>
/// <param name="ExpiresAt">When it ends (exclusive); null for never.</param>
public sealed record TagState(string Name, string Level, string Evidence, DateTimeOffset Since, DateTimeOffset? ExpiresAt)
{
    /// <summary>Whether the customer still carries it at an instant.</summary>
    public bool HoldsAt(DateTimeOffset now) => ExpiresAt is not { } end || now < end;
}
