using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Things that cost time or attention and that nothing in the strategy reads.</summary>
internal sealed class UnusedCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        var (compiled, reads) = (strategy.Strategy, strategy.Reads);
        foreach (var feature in compiled.Features.Where(feature => !reads.Contains($"features.{feature.Name}")))
        {
            strategy.Report(FindingRules.Unused, $"features.{feature.Name}",
                $"no condition and no text reads `features.{feature.Name}`, but it is computed at every such event; use it or leave it out");
        }

        foreach (var segment in compiled.Segments.Where(segment => !reads.Contains($"segments.{segment.Name}") && !strategy.AsksEventFor("event.segment", segment.Name)))
        {
            strategy.Report(FindingRules.Unused, $"segments.{segment.Name}", $"no condition reads `segments.{segment.Name}`; use it or leave it out");
        }

        foreach (var calendar in compiled.Calendars.Where(calendar => !reads.Any(read => IsOfCalendar(read, calendar.Name))))
        {
            strategy.Report(FindingRules.Unused, $"calendars.{calendar.Name}", $"no condition reads `calendar.{calendar.Name}`; use it or leave it out");
        }

        foreach (var (name, path) in TagsGiven(strategy))
        {
            if (!reads.Contains($"tags.{name}") && !reads.Contains($"tag_level({name})"))
            {
                strategy.Report(FindingRules.Unused, path, $"no condition reads the tag `{name}`; use `tags.{name}`, or do not give it");
            }
        }

        foreach (var purpose in compiled.Purposes.Where(purpose =>
            compiled.Actions.All(action => action.Purpose != purpose) && !reads.Any(read => read.StartsWith($"consent.{purpose}.", StringComparison.Ordinal))))
        {
            strategy.Report(FindingRules.Unused, "consent.purposes", $"no action has the purpose `{purpose}` and no condition asks for it; use it or leave it out");
        }
    }

    private static bool IsOfCalendar(string read, string calendar) =>
        read == $"calendar.{calendar}" || (read.StartsWith("calendar.", StringComparison.Ordinal) && read.EndsWith($"({calendar})", StringComparison.Ordinal));

    /// <summary>Each tag once, with the first place that gives it.</summary>
    private static IEnumerable<(string Name, string Path)> TagsGiven(LintContext strategy) => strategy.Strategy.Rules
        .SelectMany(rule => Enumerable.Range(1, Limits.EffectsPerRuleMax).Select(number => $"rules.{rule.Id}.then[{number}].tag"))
        .Select(path => (Name: strategy.TextOf($"{path}.name"), path))
        .Where(tag => tag.Name is not null)
        .Select(tag => (tag.Name!, tag.path))
        .DistinctBy(tag => tag.Item1, StringComparer.Ordinal);
}
