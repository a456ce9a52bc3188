using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Scoring;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The events that the engine makes of a customer's way through stages, segments and grades, as rules with <c>on</c> see them.</summary>
internal static class Transitions
{
    /// <summary>What they bring, by name; their texts are names of this strategy.</summary>
    public static FrozenDictionary<string, EventDefinition> Of(Declarations names)
    {
        ImmutableArray<string> grades = [Score.NoGrade, .. names.Grades.Values.SelectMany(each => each).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new[]
        {
            Event(EventNames.StageEntered, ("reason", ["enter", "timeout", "rule"]), ("stage", names.Stages)),
            Event(EventNames.StageExited, ("reason", ["exit", "timeout", "rule"]), ("stage", names.Stages)),
            Event(EventNames.SegmentEntered, ("segment", names.Segments)),
            Event(EventNames.SegmentLeft, ("segment", names.Segments)),
            Event(EventNames.GradeChanged, ("before", grades), ("grade", grades), ("score", names.Scores)),
        }.ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);

        // In a strategy with an unreadable file, a name may stand there: none is refused.
        EventDefinition Event(string name, params ReadOnlySpan<(string Name, ImmutableArray<string> Values)> properties) =>
            new(name, [.. properties.ToArray().Select(property => new PropertyType(property.Name, CelType.Nullable(CelType.String), names.IsWhole ? property.Values : [], null, null, false))]);
    }

    /// <summary>What to write instead of counting an event that the engine makes; null for other events.</summary>
    public static string? CureFor(string name) => name switch
    {
        EventNames.StageEntered => "is made by the engine and not counted; read `stages.NAME.entries`, or write a rule with `on: Stage Entered`",
        EventNames.StageExited => "is made by the engine and not counted; read `stages.NAME.exited_at`, or write a rule with `on: Stage Exited`",
        _ when EventNames.Transitions.Contains(name) => $"is made by the engine and not counted; write a rule with `on: {name}`",
        EventNames.TimePassed => "is made by the engine and not counted; conditions on time are looked at when their time comes",
        _ when EventNames.IsLink(name) => "is made by the engine and not counted; the customer's events count wherever they were sent",
        _ => null,
    };
}
