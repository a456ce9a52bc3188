using System.Collections.Immutable;
using System.Linq.Expressions;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The functions whose argument is a name: bound when the expression is compiled.</summary>
internal static class Resolvers
{
    public static Resolution Grade(Declarations names, string score)
    {
        var index = names.Scores.IndexOf(score);
        if (index < 0)
        {
            return Unknown(names, "score", score, names.Scores, "declare it under `scores`");
        }

        var grades = names.Grades[score];
        return grades.Length == 0
            ? Resolution.Refuses($"the score `{score}` has no grades; declare some under `scores.{score}.grades`, or compare `scores.{score}` with a number")
            : Resolution.Reads(CelType.Enumeration("grade", grades.Prepend(Score.NoGrade)), $"grade({score})", Readers.Read(facts => facts.GradeRank(index)));
    }

    public static Resolution TagLevel(Declarations names, string tag)
    {
        if (!names.Tags.Contains(tag))
        {
            return Unknown(names, "tag", tag, names.Tags, "no rule gives this tag");
        }

        var reading = $"tag_level({tag})";
        return names.TagLevels.TryGetValue(tag, out var levels)
            ? Resolution.Reads(CelType.Enumeration("level", levels.Prepend(TagsSection.NoLevel)), reading, Readers.Read(facts => facts.TagRank(tag, levels)))
            : Resolution.Reads<Facts, string?>(CelType.Nullable(CelType.String), reading, Readers.Read(facts => facts.TagLevel(tag)));
    }

    public static Resolution Days(Declarations names, string direction, string calendar, Func<int, Expression<Func<Facts, long?>>> read)
    {
        var index = names.Calendars.IndexOf(calendar);
        return index >= 0
            ? Resolution.Reads(CelType.Nullable(CelType.Int), $"calendar.days_{direction}({calendar})", read(index))
            : Unknown(names, "calendar", calendar, names.Calendars, "declare it under `calendars`");
    }

    private static Resolution Unknown(Declarations names, string what, string name, ImmutableArray<string> known, string cure) => names.IsWhole
        ? Resolution.Refuses($"unknown {what} `{Shape.Short(name)}`{Cures.For(name, known, $"; {cure}")}")
        : Resolution.Reads(CelType.Dyn, $"{what}({name})", Readers.Read(facts => Value.Null));
}
