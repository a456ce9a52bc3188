using Decisioning.Engine.Arbitration;

namespace Decisioning.Engine.Decisions;

/// <summary>What an action's rank is made of, beside its own propensity and value.</summary>
/// <param name="Context">The product of the weights of the situation.</param>
/// <param name="Lever">The product of the levers.</param>
/// <param name="Priority">The product of the parts that count: propensity × context weight × value × lever weight.</param>
internal readonly record struct Weighing(double Context, double Lever, double Priority)
{
    /// <summary>Weighs an action for the customer at hand.</summary>
    public static Weighing Of(DecisionWork work, PlannedAction action, PlannedTreatment treatment)
    {
        var (context, lever) = (work.Reach.Weight(treatment.Reach), 1d);
        foreach (var weight in action.Weights)
        {
            context *= work.Passes(weight.Condition) ? weight.Weight : 1;
        }

        foreach (var offer in action.Offers)
        {
            context *= work.Holds(offer.Rule) ? offer.Weight : 1;
        }

        foreach (var stage in action.StageWeights)
        {
            context *= (stage.Stage & work.InStages) != 0 ? stage.Weight : 1;
        }

        foreach (var set in action.Levers)
        {
            lever *= set.Until is { } until && work.Now >= until ? 1 : set.Weight;
        }

        return Of(work.Plan.Strategy.Arbitration.Parts, action, context, lever);
    }

    /// <summary>Weighs an action that nothing about customers, situation or time makes weigh more or less.</summary>
    public static Weighing Steady(PriorityParts parts, PlannedAction action)
    {
        var lever = 1d;
        foreach (var set in action.Levers)
        {
            lever *= set.Weight;
        }

        return Of(parts, action, 1, lever);
    }

    private static Weighing Of(PriorityParts parts, PlannedAction action, double context, double lever) => new(
        context,
        lever,
        (parts.HasFlag(PriorityParts.Propensity) ? action.Definition.Propensity : 1)
            * (parts.HasFlag(PriorityParts.ContextWeight) ? context : 1)
            * (parts.HasFlag(PriorityParts.Value) ? action.Worth : 1)
            * (parts.HasFlag(PriorityParts.Lever) ? lever : 1));
}
