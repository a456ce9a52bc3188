using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Timing;

namespace Decisioning.Engine.Strategies;

/// <summary>Makes what customers of a strategy need, in the order in which they will.</summary>
internal static class Warming
{
    public static void Warm(Strategy strategy, CancellationToken cancellationToken)
    {
        _ = StrategyPlan.Of(strategy);
        _ = DecisionPlan.Of(strategy);
        _ = TimePlan.Of(strategy);
        foreach (var expression in AskedAlone(strategy))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            expression.Warm();
        }

        strategy.TermReaders.Warm(cancellationToken);
        foreach (var part in strategy.Actions.SelectMany(action => action.Treatments).SelectMany(treatment => treatment.Content))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            part.Template.Warm();
        }
    }

    // Conditions of rules, segments and actions are asked by their terms, all together; these one by one.
    private static IEnumerable<CompiledExpression<Facts>> AskedAlone(Strategy strategy)
    {
        var conditions = strategy.Features.SelectMany(feature => feature.Conditions)
            .Concat(strategy.Scores.SelectMany(score => score.Points).Select(points => points.When).OfType<Condition>())
            .Concat(strategy.Stages.SelectMany(stage => new[] { stage.Enter, stage.Exit }).OfType<Condition>())
            .Concat(strategy.Segments.Select(segment => segment.When))
            .Concat(strategy.Touch.Select(rule => rule.When))
            .Select(condition => condition.Expression);
        var values = strategy.Features.Select(feature => feature.Of)
            .Append(strategy.Preference?.Channel)
            .Append(strategy.Preference?.Hour?.Expression)
            .Concat(strategy.Actions.SelectMany(action => action.Treatments).Select(treatment => treatment.At?.Expression))
            .OfType<CompiledExpression<Facts>>();
        return conditions.Concat(values).Distinct(ReferenceEqualityComparer.Instance).Cast<CompiledExpression<Facts>>();
    }
}
