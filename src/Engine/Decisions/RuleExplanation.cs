using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>Tells of every rule how it stands now, layer by layer.</summary>
internal static class RuleExplanation
{
    /// <summary>One report per rule, in the strategy's order.</summary>
    public static ImmutableArray<RuleReport> Of(DecisionWork work) => [.. work.Plan.Strategy.Rules.Select(rule => Report(rule, work.Facts))];

    private static RuleReport Report(Rule rule, Facts facts)
    {
        var layers = ImmutableArray.CreateBuilder<LayerReport>(rule.Layers.Length);
        var holds = true;
        foreach (var layer in rule.Layers)
        {
            var report = holds ? Asked(layer, facts) : new(Name(layer), LayerResult.NotAsked, layer.When.Expression.Text, PropertyMap.Empty, "");
            holds &= report.Result == LayerResult.Held;
            layers.Add(report);
        }

        return new(rule.Id, holds, layers.MoveToImmutable());
    }

    private static LayerReport Asked(Layer layer, Facts facts)
    {
        var expression = layer.When.Expression;
        var result = TermTests.Test(layer.When, facts) switch
        {
            Truth.True => LayerResult.Held,
            Truth.False => LayerResult.Failed,
            _ => LayerResult.Error,
        };
        var error = result == LayerResult.Error ? expression.Explain(facts) ?? "" : "";
        return new(Name(layer), result, expression.Text, Words.Seen(layer.When, facts), error);
    }

    private static string Name(Layer layer) => layer.Kind switch
    {
        LayerKind.Behaviour => "behaviour",
        LayerKind.Order => "order",
        LayerKind.Device => "device",
        LayerKind.Time => "time",
        _ => "profile",
    };
}
