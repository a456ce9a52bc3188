using System.Runtime.CompilerServices;
using NBomber.Contracts.Stats;

namespace NBomber.Contracts;

/// <summary>Something that must hold of what a scenario or a step measures, while it runs and at its end.</summary>
public sealed class Threshold
{
    private readonly string? _step;
    private readonly Func<ScenarioStats, bool> _holds;

    private Threshold(string? step, Func<ScenarioStats, bool> holds, string expression, int? abortWhenErrorCount, TimeSpan? startCheckAfter)
    {
        (_step, _holds, Expression) = (step, holds, expression);
        (AbortWhenErrorCount, StartCheckAfter) = (abortWhenErrorCount, startCheckAfter ?? TimeSpan.Zero);
    }

    internal string Expression { get; }

    internal int? AbortWhenErrorCount { get; }

    internal TimeSpan StartCheckAfter { get; }

    internal string StepName => _step ?? "";

    /// <summary>Of a scenario.</summary>
    /// <param name="checkScenario">What must hold.</param>
    /// <param name="abortWhenErrorCount">After so many checks that failed the test is stopped; not given: it is not.</param>
    /// <param name="startCheckAfter">When the first check is made; not given: with the first interval.</param>
    /// <param name="expression">How it is reported; the compiler gives its text.</param>
    public static Threshold Create(
        Func<ScenarioStats, bool> checkScenario,
        int? abortWhenErrorCount = null,
        TimeSpan? startCheckAfter = null,
        [CallerArgumentExpression(nameof(checkScenario))] string expression = "") => new(null, checkScenario, expression, abortWhenErrorCount, startCheckAfter);

    /// <summary>Of a step.</summary>
    /// <param name="stepName">Which.</param>
    /// <param name="checkStep">What must hold; a step that did not run yet holds.</param>
    /// <param name="abortWhenErrorCount">After so many checks that failed the test is stopped; not given: it is not.</param>
    /// <param name="startCheckAfter">When the first check is made; not given: with the first interval.</param>
    /// <param name="expression">How it is reported; the compiler gives its text.</param>
    public static Threshold Create(
        string stepName,
        Func<StepStats, bool> checkStep,
        int? abortWhenErrorCount = null,
        TimeSpan? startCheckAfter = null,
        [CallerArgumentExpression(nameof(checkStep))] string expression = "") =>
        new(stepName, stats => stats.StepStats.FirstOrDefault(step => step.StepName == stepName) is not { } step || checkStep(step), expression, abortWhenErrorCount, startCheckAfter);

    internal bool Holds(ScenarioStats stats) => _holds(stats);
}
