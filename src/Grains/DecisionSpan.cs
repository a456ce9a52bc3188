using System.Diagnostics;
using Decisioning.Engine.Decisions;

namespace Decisioning.Grains;

/// <summary>The part of a trace that a decision takes in its grain. Says what was decided with, never for whom.</summary>
public static class DecisionSpan
{
    /// <summary>The source of the grains' spans.</summary>
    public const string SourceName = "Decisioning";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins it; null where nobody traces, at the cost of looking.</summary>
    internal static Activity? Start() => Source.StartActivity("decide");

    /// <summary>Says how it came out.</summary>
    internal static void Say(Activity span, Decision decision)
    {
        span.SetTag("decisioning.strategy.version", decision.StrategyVersion);
        span.SetTag("decisioning.candidates", decision.Items.Length + decision.Verdicts.Length);
        span.SetTag("decisioning.items", decision.Items.Length);
        span.SetTag("decisioning.sequence", decision.Sequence);
    }
}
