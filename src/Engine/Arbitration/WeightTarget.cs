using Decisioning.Engine.Actions;

namespace Decisioning.Engine.Arbitration;

/// <summary>What a weight is for: an issue, a group, an action, or with none of them everything.</summary>
/// <param name="Issue">Only this issue; null for all.</param>
/// <param name="Group">Only this group; null for all.</param>
/// <param name="Action">Only this action; null for all.</param>
public sealed record WeightTarget(string? Issue, string? Group, string? Action)
{
    /// <summary>Whether it weighs an action.</summary>
    public bool Concerns(ActionDefinition action) =>
        (Issue is null || Issue == action.Issue) && (Group is null || Group == action.Group) && (Action is null || Action == action.Name);
}
