using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Content that goes out to customers, on channels where they did not come to us, without asking for consent.</summary>
internal sealed class ConsentCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        foreach (var action in strategy.Strategy.Actions.Where(action => action.Purpose is null))
        {
            var path = LintContext.PathOf(action);
            var asks = LintContext.ConditionsOf(action).SelectMany(condition => condition.Expression.Reads).Any(read => read.StartsWith("consent.", StringComparison.Ordinal));
            foreach (var (index, treatment) in action.Treatments.Index())
            {
                if (!asks && OutboundChannels.All.Contains(treatment.Channel))
                {
                    strategy.Report(FindingRules.OutboundWithoutConsent, $"{path}.treatments[{index + 1}]",
                        $"this goes out by {treatment.Channel} to customers who were not asked; give the action a `purpose` of `consent.purposes`");
                }
            }
        }
    }
}
