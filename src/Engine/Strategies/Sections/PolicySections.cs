using System.Collections.Immutable;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The sections <c>channels</c>, <c>calendars</c> and <c>consent</c>.</summary>
internal static class PolicySections
{
    public static KeyTable ConsentKeys { get; } = new(
        "the consent section",
        new Key("purposes", Take.ListOf(Take.Identifier, Limits.PurposesMax), "The purposes for which consent is asked."));

    public static void CheckChannels(WrittenNode? node, Mistakes mistakes)
    {
        References.Texts(node, "channels", "the channels", 100, mistakes);
        foreach (var item in (node as WrittenNode.Sequence)?.Items.OfType<WrittenNode.Scalar>() ?? [])
        {
            if (!Names.Check(item, "channels", NameRule.Identifier, mistakes))
            {
                continue;
            }

            if (item.Text == ConsentState.AnyChannel || Declarations.CommonChannels.Contains(item.Text))
            {
                mistakes.Add(FindingRules.DuplicateId, item.Place, "channels", $"`{item.Text}` is known already; leave it out");
            }
        }
    }

    public static ImmutableArray<string> Purposes(WrittenNode? node, Mistakes mistakes)
    {
        if (node is null || Fields.Of(node, "consent", ConsentKeys, mistakes) is not { } fields)
        {
            return [];
        }

        foreach (var item in (fields["purposes"] as WrittenNode.Sequence)?.Items.OfType<WrittenNode.Scalar>() ?? [])
        {
            Names.Check(item, "consent.purposes", NameRule.Identifier, mistakes);
        }

        return References.Texts(fields["purposes"], "consent.purposes", "the purposes", Limits.PurposesMax, mistakes);
    }
}
