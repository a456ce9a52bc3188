using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Actions for stages whose plans allow none of the channels they have something for.</summary>
internal sealed class ChannelsCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        foreach (var action in strategy.Strategy.Actions.Where(action => !action.Stages.IsEmpty))
        {
            var plans = action.Stages.Select(stage => strategy.Strategy.Stages[stage].Plan).ToList();
            if (plans.Any(plan => plan is null or { Channels.IsEmpty: true }))
            {
                continue;
            }

            var allowed = plans.SelectMany(plan => plan!.Channels).Distinct(StringComparer.Ordinal).ToList();
            if (!action.Treatments.Any(treatment => allowed.Contains(treatment.Channel)))
            {
                strategy.Report(FindingRules.Contradiction, $"{LintContext.PathOf(action)}.stages",
                    $"the plans of its stages allow {Cures.List(allowed)} only, where it has no treatment, so the action is never offered; add one, or allow another channel");
            }
        }
    }
}
