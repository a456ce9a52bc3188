using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>tags</c>: the levels of tags, so that conditions can compare them.</summary>
internal static class TagsSection
{
    /// <summary>The level of a tag that the customer does not carry.</summary>
    public const string NoLevel = "none";

    private const int LevelsMax = 20;

    /// <summary>What stands behind a tag.</summary>
    public static ValueShape LevelsShape { get; } = Take.ListOf(Take.Id, LevelsMax);

    /// <summary>Checks what is written; <see cref="Declarations.TagLevels"/> has it.</summary>
    public static void Check(WrittenNode? node, Declarations names, Mistakes mistakes)
    {
        foreach (var entry in Shape.Named(node, "tags", "the tags", Limits.RulesMax, NameRule.Id, mistakes))
        {
            var path = $"tags.{entry.Name}";
            References.One(entry.Key, path, "tag", names.Tags, "no rule gives this tag", names, mistakes);
            var levels = References.Texts(entry.Value, path, "the levels", LevelsMax, mistakes);
            if (levels.Length < 2 && entry.Value is WrittenNode.Sequence or WrittenNode.Scalar { IsEmpty: true })
            {
                mistakes.Add(FindingRules.EmptyValue, entry.Value.Place, path, "a tag's levels are at least two, lowest first, such as `[cold, warm, hot]`; leave out a tag without levels");
            }

            foreach (var level in entry.Value is WrittenNode.Sequence list ? list.Items.OfType<WrittenNode.Scalar>() : [])
            {
                if (level.Text == NoLevel)
                {
                    mistakes.Add(FindingRules.BadName, level.Place, path, "`none` is the level of a tag that is not carried; take another name");
                }
                else
                {
                    Names.Check(level, path, NameRule.Id, mistakes);
                }
            }
        }
    }
}
