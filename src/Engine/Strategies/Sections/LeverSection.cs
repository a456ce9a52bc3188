using System.Collections.Immutable;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The levers of the section <c>arbitration</c>, and what a weight can be for.</summary>
internal static class LeverSection
{
    public static KeyTable Keys { get; } = new(
        "a lever",
        new("for", TargetShape, "What it weighs: `all`, `issue.NAME`, `group.NAME` or `action.NAME`.", "say what it weighs, such as `for: issue.retain`"),
        new("weight", Take.Factor, "The factor; 1 changes nothing.", "write a factor, such as `weight: 1.2`"),
        new("owner", Take.Text, "Who turned it."),
        new("until", Take.Instant, "When it ends."));

    private static ValueShape TargetShape => Take.Form(@"^(all|(issue|group|action)\..+)$");

    public static ImmutableArray<Lever> Read(WrittenNode? node, string path, Declarations names, DateTimeZone zone, Mistakes mistakes) =>
        [.. Shape.Items(node, path, "the levers", Limits.LeversMax, mistakes)
            .Select((item, index) => One(item, $"{path}[{index + 1}]", names, zone, mistakes))
            .OfType<Lever>()];

    /// <summary>What a weight is for: <c>all</c>, <c>issue.NAME</c>, <c>group.NAME</c> or <c>action.NAME</c>; null when it names nothing, which is then reported.</summary>
    public static WeightTarget? Target(WrittenNode? node, string path, Declarations names, Mistakes mistakes)
    {
        if (node is null || Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (text == "all")
        {
            return new(null, null, null);
        }

        if (!names.WeightTargets.Contains(text))
        {
            if (names.IsWhole)
            {
                mistakes.Add(FindingRules.UnknownName, node.Place, path, $"`{Shape.Short(text)}` names nothing{Cures.For(text, names.WeightTargets, "; write `all`, `issue.NAME`, `group.NAME` or `action.NAME`")}");
            }

            return null;
        }

        var name = text[(text.IndexOf('.') + 1)..];
        return text[0] switch
        {
            'i' => new(name, null, null),
            'g' => new(null, name, null),
            _ => new(null, null, name),
        };
    }

    private static Lever? One(WrittenNode node, string path, Declarations names, DateTimeZone zone, Mistakes mistakes)
    {
        if (Fields.Of(node, path, Keys, mistakes) is not { } fields)
        {
            return null;
        }

        var target = Target(fields.Require("for"), fields.PathOf("for"), names, mistakes);
        var weight = fields.Require("weight") is null ? null : fields.Factor("weight");
        var owner = fields.Text("owner") ?? "";
        var until = Dates.Instant(fields["until"], fields.PathOf("until"), mistakes, zone, lastDay: true);
        return target is null || weight is null ? null : new Lever(target.Issue, target.Group, target.Action, weight.Value, owner, until);
    }
}
