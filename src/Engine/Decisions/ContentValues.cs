using Decisioning.Engine.Actions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>What the names in content templates stand for.</summary>
internal static class ContentValues
{
    /// <summary>The value of a name; null for what is not known.</summary>
    /// <param name="work">The decision at hand.</param>
    /// <param name="action">The action the text belongs to.</param>
    /// <param name="treatment">The treatment the text belongs to; null while none is picked.</param>
    /// <param name="name">The name.</param>
    public static Value Read(DecisionWork work, ActionDefinition action, Treatment? treatment, TemplateName name) => name.Root switch
    {
        TemplateName.Profile => work.Facts.State.Profile[name.Member],
        TemplateName.Features => work.Plan.FeatureSlots.TryGetValue(name.Member, out var slot) ? work.Facts.FeatureValue(slot) : Value.Null,
        _ => name.Member switch
        {
            "issue" => Value.Of(action.Issue),
            "group" => Value.Of(action.Group),
            "name" => Value.Of(action.Name),
            "treatment" => Value.Of(treatment?.Name),
            "channel" => Value.Of(treatment?.Channel),
            "placement" => Value.Of(treatment?.Placement),
            "value" => Value.Of(action.Value),
            _ => Value.Null,
        },
    };
}
