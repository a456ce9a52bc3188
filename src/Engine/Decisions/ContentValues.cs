using Decisioning.Engine.Actions;
using Decisioning.Engine.Journeys;
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
    public static Value Read(DecisionWork work, PlannedAction action, Treatment? treatment, TemplateName name) => name.Root switch
    {
        TemplateName.Profile => work.LevelOf(action) == PersonalizationLevel.Individual ? work.Facts.State.Profile[name.Member] : Value.Null,
        TemplateName.Features => work.LevelOf(action) != PersonalizationLevel.None && work.Plan.FeatureSlots.TryGetValue(name.Member, out var slot)
            ? work.Facts.FeatureValue(slot)
            : Value.Null,
        _ => Own(action.Definition, treatment, name.Member),
    };

    private static Value Own(ActionDefinition action, Treatment? treatment, string member) => member switch
    {
        "issue" => Value.Of(action.Issue),
        "group" => Value.Of(action.Group),
        "name" => Value.Of(action.Name),
        "treatment" => Value.Of(treatment?.Name),
        "channel" => Value.Of(treatment?.Channel),
        "placement" => Value.Of(treatment?.Placement),
        "value" => Value.Of(action.Value),
        _ => Value.Null,
    };
}
