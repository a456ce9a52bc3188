using System.Globalization;
using Decisioning.Engine.Strategies.Checking;
using NodaTime;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Levers, actions and calendars whose time is over.</summary>
internal sealed class ExpiredCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        foreach (var (index, lever) in strategy.Strategy.Levers.Index())
        {
            if (lever.Until <= strategy.Now)
            {
                strategy.Report(FindingRules.Expired, $"arbitration.levers[{index + 1}]", $"the lever ended {Day(lever.Until.Value)}; leave it out, or give it more time");
            }
        }

        foreach (var action in strategy.Strategy.Actions.Where(action => action.ValidUntil <= strategy.Now))
        {
            strategy.Report(FindingRules.Expired, $"{LintContext.PathOf(action)}.valid_until",
                $"`{action.Name}` could be offered until {Day(action.ValidUntil!.Value)}; leave it out, or give it more time");
        }

        // Where a customer is, it may still be yesterday.
        var yesterday = LocalDate.FromDateTime(strategy.Now.UtcDateTime).PlusDays(-1);
        foreach (var calendar in strategy.Strategy.Calendars)
        {
            if (calendar.DaysSince(yesterday) is not null && calendar.DaysUntil(yesterday) is null)
            {
                strategy.Report(FindingRules.Expired, $"calendars.{calendar.Name}", "all its days are past; add the next ones");
            }
        }
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
