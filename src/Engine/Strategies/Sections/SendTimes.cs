using Decisioning.Engine.Actions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>Reads when something is sent: an expression that gives an hour of the day or an instant.</summary>
internal static class SendTimes
{
    /// <summary>The time; null when it is not there or has a mistake, which is then reported.</summary>
    public static SendTime? Read(WrittenNode? node, string path, StrategySchema schema, Mistakes mistakes)
    {
        if (Conditions.Expression(node, path, schema.WithoutEvent, CelType.Dyn, mistakes) is not { } expression)
        {
            return null;
        }

        var plain = expression.Type is CelType.NullableOf nullable ? nullable.Inner : expression.Type;
        if (plain == CelType.Int || plain == CelType.Timestamp || plain == CelType.Dyn)
        {
            return new(path, expression);
        }

        mistakes.Add(FindingRules.Type, node!.Place, path, $"this is a {plain}; write an hour of the day, such as `features.best_hour` or `9`, or a timestamp");
        return null;
    }
}
