using System.Collections.Immutable;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>touch</c>: who is served how closely.</summary>
internal static class TouchSection
{
    private static readonly ImmutableArray<TouchModes> Modes = [TouchModes.High, TouchModes.Low, TouchModes.Tech];

    private static readonly KeyTable ModeKeys = new(
        "a mode of touch",
        new("when", Take.Condition, "Who is served so.", "say for whom, such as `when: features.spend_1y >= 2000.0`"),
        new("channels", Take.ListOf(Take.Identifier, 100), "The only channels such a customer is served on."));

    /// <summary>The modes something is for, as a list.</summary>
    public static ValueShape ModesShape { get; } = Take.ListOf(Take.OneOf(Modes.Select(TouchRule.NameOf)), Modes.Length);

    public static KeyTable Keys { get; } = new(
        "the touch section",
        new("high", Take.AnyOf(Take.Condition, Take.Keys(ModeKeys)), "Who is served by people."),
        new("low", Take.AnyOf(Take.Condition, Take.Keys(ModeKeys)), "Who is served with help; asked after `high`."),
        new("tech", Take.AnyOf(Take.Condition, Take.Keys(ModeKeys)), "Who is served by programs alone; asked last."));

    /// <summary>The rules in the order in which they are asked, whatever the order written.</summary>
    public static ImmutableArray<TouchRule> Compile(WrittenNode? node, Declarations names, StrategySchema schema, Mistakes mistakes) =>
        node is null || Fields.Of(node, "touch", Keys, mistakes) is not { } fields
            ? []
            : [.. Modes.Where(mode => fields.Has(TouchRule.NameOf(mode))).Select(mode => One(fields, mode, names, schema)).OfType<TouchRule>()];

    /// <summary>The modes that a key <c>touch</c> names; all where it is not there.</summary>
    public static TouchModes Read(Fields fields)
    {
        if (!fields.Has("touch"))
        {
            return TouchModes.All;
        }

        var modes = TouchModes.None;
        var known = Modes.Select(TouchRule.NameOf).ToList();
        foreach (var item in Shape.Items(fields["touch"], fields.PathOf("touch"), "the modes of touch", Modes.Length, fields.Mistakes))
        {
            if (Literals.Text(item, fields.PathOf("touch"), fields.Mistakes) is not { } text)
            {
                continue;
            }

            if (known.IndexOf(text) is >= 0 and var index)
            {
                modes |= Modes[index];
            }
            else
            {
                fields.Mistakes.Add(item.Place, fields.PathOf("touch"), $"unknown mode of touch `{Shape.Short(text)}`{Cures.For(text, known, $"; write {Cures.List(known)}")}");
            }
        }

        return modes;
    }

    private static TouchRule? One(Fields touch, TouchModes mode, Declarations names, StrategySchema schema)
    {
        var name = TouchRule.NameOf(mode);
        var path = touch.PathOf(name);
        if (touch[name] is not WrittenNode.Mapping mapping)
        {
            return Conditions.Compile(touch[name], path, schema.WithoutEvent, touch.Mistakes) is { } condition ? new(mode, condition, []) : null;
        }

        if (Fields.Of(mapping, path, ModeKeys, touch.Mistakes) is not { } fields)
        {
            return null;
        }

        var channels = ContactSection.Channels(fields, names);
        return Conditions.Compile(fields.Require("when"), fields.PathOf("when"), schema.WithoutEvent, touch.Mistakes) is { } when ? new(mode, when, channels) : null;
    }
}
