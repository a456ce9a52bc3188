using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Compiles a strategy and, where it has no errors, looks for what its author can hardly mean.</summary>
public static class StrategyLinter
{
    private static readonly ImmutableArray<ILintCheck> Checks =
    [
        new ConditionsCheck(), new ContradictionCheck(), new ChannelsCheck(), new SubsumedCheck(), new DominatedCheck(), new StagesCheck(), new ConsentCheck(), new CapsCheck(),
        new FallbackCheck(), new RetentionCheck(), new UnusedCheck(), new ExpiredCheck(), new SimilarNamesCheck(),
    ];

    /// <summary>Checks a strategy. Never throws for any text.</summary>
    /// <param name="source">The files of the strategy's folder, as <see cref="StrategyCompiler.Compile(StrategySource, long)"/> takes them.</param>
    /// <param name="now">The instant of the check: levers and actions whose time is over by then are told.</param>
    public static LintReport Lint(StrategySource source, DateTimeOffset now)
    {
        var mistakes = new Mistakes();
        var (document, strategy) = StrategyCompiler.Compile(source, version: 0, mistakes);
        if (mistakes.Any)
        {
            var refused = StrategyCompiler.Outcome(document, strategy, mistakes);
            return new LintReport(null, Mistakes.InOrder([.. refused.Errors, .. refused.Warnings], document.Files), null);
        }

        var context = new LintContext(strategy, document, now, mistakes);
        foreach (var check in Checks)
        {
            check.Run(context);
        }

        var findings = Allowances.Apply(source, mistakes.Warnings(document.Files));
        return new LintReport(strategy, Mistakes.InOrder(findings, document.Files), StrategyCost.Of(strategy));
    }
}
