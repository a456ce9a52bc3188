namespace Decisioning.Engine.Arbitration;

/// <summary>A business weight on actions, set by a person for a time.</summary>
/// <param name="Issue">Only this issue; null for all.</param>
/// <param name="Group">Only this group; null for all.</param>
/// <param name="Action">Only this action; null for all.</param>
/// <param name="Weight">The factor, above 0.</param>
/// <param name="Owner">Who set it; empty for not said.</param>
/// <param name="Until">Until when it counts (exclusive); null for ever.</param>
public sealed record Lever(string? Issue, string? Group, string? Action, double Weight, string Owner, DateTimeOffset? Until);
