using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Windows that look further back than events are kept.</summary>
internal sealed class RetentionCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        if (strategy.Strategy.Retention is not { } kept)
        {
            return;
        }

        foreach (var feature in strategy.Strategy.Features)
        {
            Check($"features.{feature.Name}.within", feature.Horizon);
        }

        foreach (var cap in strategy.Strategy.Caps)
        {
            Check($"{cap.Path}.{(cap.IsCoolOff ? "for" : "within")}", cap.Within);
        }

        void Check(string path, TimeSpan? window)
        {
            if (window > kept)
            {
                strategy.Report(FindingRules.WindowOverRetention, path,
                    $"the window of {Literals.Print(window.Value)} is longer than events are kept (`retention: {Literals.Print(kept)}`); shorten it, or keep events longer");
            }
        }
    }
}
