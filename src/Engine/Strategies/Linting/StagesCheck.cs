using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Stages that nobody leaves, and stages that customers may go in and out of at every event.</summary>
internal sealed class StagesCheck : ILintCheck
{
    public void Run(LintContext strategy)
    {
        foreach (var stage in strategy.Strategy.Stages)
        {
            if (stage.Exit is null && stage.Timeout is null && !strategy.Strategy.Rules.Any(rule => rule.Then.Any(effect => effect is RuleEffect.Stage { Enters: false } leave && leave.StageIndex == stage.Index)))
            {
                strategy.Report(FindingRules.NoExit, $"journey.{stage.Name}",
                    $"who enters `{stage.Name}` never leaves it; write `exit` or `timeout: {{ after: … }}`, or let a rule end it");
            }
            else if (Flaps(strategy, stage))
            {
                strategy.Report(FindingRules.FlappingCycle, $"journey.{stage.Name}",
                    $"`{stage.Name}` ends where its `enter` does not hold and begins again where it does, at every event; write `min_dwell`, or leave a gap between the two conditions");
            }
        }

        ReportCircles(strategy);
    }

    /// <summary>Whether the stage has no time and no gap between its ways in and out.</summary>
    private static bool Flaps(LintContext strategy, Stage stage) =>
        ComesBackAtOnce(stage) && stage.Exit is { Expression.Predicate: not Predicate.Always } exit && stage.Enter.Expression.Predicate is not Predicate.Always
        && !strategy.Logic.IsPossible(new Goal(stage.Enter.Expression.Predicate, Want.NotTrue), new Goal(exit.Expression.Predicate, Want.NotTrue));

    private static bool ComesBackAtOnce(Stage stage) => stage.ReEnter is { AtMost: null } again && again.After == TimeSpan.Zero && stage.MinDwell == TimeSpan.Zero;

    /// <summary>Circles of stages each of which ends because the next began, and that a customer can be let into all at once.</summary>
    private static void ReportCircles(LintContext strategy)
    {
        var stages = strategy.Strategy.Stages.Where(ComesBackAtOnce).ToImmutableArray();
        var next = stages.ToDictionary(stage => stage.Name, stage => stages.Where(other => other != stage && EndsWith(strategy, stage, other)).ToImmutableArray(), StringComparer.Ordinal);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in stages)
        {
            if (!told.Contains(start.Name) && Circle(start, next) is { } circle && strategy.Logic.IsPossible([.. circle.Select(stage => new Goal(stage.Enter.Expression.Predicate, Want.True))]))
            {
                told.UnionWith(circle.Select(stage => stage.Name));
                var names = string.Join(" ends for ", circle.Append(start).Select(stage => $"`{stage.Name}`"));
                strategy.Report(FindingRules.FlappingCycle, $"journey.{start.Name}",
                    $"{names}, and a customer who may enter all of them goes round at every event; give one of them a `min_dwell`");
            }
        }
    }

    /// <summary>Whether being in one stage is enough to leave the other.</summary>
    private static bool EndsWith(LintContext strategy, Stage stage, Stage other) =>
        stage.Exit is { } exit && exit.Expression.Predicate is not Predicate.Always
        && exit.Expression.Predicate.Leaves.FirstOrDefault(leaf => leaf is Leaf.Holds && leaf.Term.Text == $"stages.{other.Name}.in") is { } inside
        && strategy.Logic.Implies(inside, exit.Expression.Predicate);

    private static ImmutableArray<Stage>? Circle(Stage start, Dictionary<string, ImmutableArray<Stage>> next)
    {
        var from = new Dictionary<string, Stage>(StringComparer.Ordinal);
        var open = new Queue<Stage>([start]);
        while (open.TryDequeue(out var at))
        {
            foreach (var stage in next[at.Name])
            {
                if (stage == start)
                {
                    var circle = ImmutableArray.CreateBuilder<Stage>();
                    for (var back = at; back != start; back = from[back.Name])
                    {
                        circle.Insert(0, back);
                    }

                    circle.Insert(0, start);
                    return circle.ToImmutable();
                }

                if (from.TryAdd(stage.Name, at))
                {
                    open.Enqueue(stage);
                }
            }
        }

        return null;
    }
}
