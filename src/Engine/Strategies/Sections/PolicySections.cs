using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The sections <c>channels</c>, <c>calendars</c>, <c>consent</c> and <c>contact</c>.</summary>
internal static class PolicySections
{
    private static readonly ImmutableArray<(string Name, Outcome Outcome)> Outcomes =
    [
        ("IMPRESSION", Outcome.Impression), ("CLICKED", Outcome.Clicked), ("ACCEPTED", Outcome.Accepted), ("REJECTED", Outcome.Rejected),
        ("DISMISSED", Outcome.Dismissed), ("NO_RESPONSE", Outcome.NoResponse), ("CONVERTED", Outcome.Converted),
    ];

    private static readonly ImmutableArray<(string Name, CapScope Scope)> Scopes =
        [("all", CapScope.All), ("issue", CapScope.Issue), ("group", CapScope.Group), ("action", CapScope.Action)];

    private static readonly KeyTable CapKeys = new(
        "a cap",
        new("outcome", Take.OneOf(Outcomes.Select(outcome => outcome.Name)), "What is counted.", "say what is counted, such as `outcome: IMPRESSION`"),
        new("of", Take.OneOf(Scopes.Select(scope => scope.Name)), "What is counted together.", "say what is counted together, such as `of: action`"),
        new("channel", Take.Identifier, "Only on this channel; without it on all channels together."),
        new("at_most", Take.Whole(0, Limits.ContactsPerCustomerMax), "How many are allowed.", "say how many are allowed, such as `at_most: 2`"),
        new("within", Take.Duration(minutes: 1), "In the last so long.", "say in what time, such as `within: 7d`"));

    public static KeyTable ConsentKeys { get; } = new(
        "the consent section",
        new Key("purposes", Take.ListOf(Take.Identifier, Limits.PurposesMax), "The purposes for which consent is asked."));

    public static KeyTable ContactKeys { get; } = new(
        "the contact section",
        new Key("caps", Take.ListOf(Take.Keys(CapKeys), Limits.CapsMax), "Frequency caps; all must hold."));

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

    public static ImmutableArray<StrategyCalendar> Calendars(WrittenNode? node, Mistakes mistakes) =>
        [.. Shape.Named(node, "calendars", "the calendars", Limits.CalendarsMax, NameRule.Identifier, mistakes)
            .Select((entry, index) => new StrategyCalendar(index, entry.Name,
                [.. Shape.Items(entry.Value, $"calendars.{entry.Name}", "the days", Limits.DaysPerCalendarMax, mistakes)
                    .Select(day => Dates.CalendarDay(day, $"calendars.{entry.Name}", mistakes))
                    .OfType<CalendarDay>()]))];

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

    public static ImmutableArray<ContactCap> Caps(WrittenNode? node, Declarations names, Mistakes mistakes)
    {
        if (node is null || Fields.Of(node, "contact", ContactKeys, mistakes) is not { } fields)
        {
            return [];
        }

        return [.. Shape.Items(fields["caps"], "contact.caps", "the caps", Limits.CapsMax, mistakes)
            .Select((item, index) => Cap(item, $"contact.caps[{index + 1}]", names, mistakes))
            .OfType<ContactCap>()];
    }

    private static ContactCap? Cap(WrittenNode node, string path, Declarations names, Mistakes mistakes)
    {
        if (Fields.Of(node, path, CapKeys, mistakes) is not { } fields)
        {
            return null;
        }

        var outcome = Choice(fields, "outcome", Outcomes);
        var scope = Choice(fields, "of", Scopes);
        var channel = References.Channel(fields["channel"], fields.PathOf("channel"), names, mistakes);
        var atMost = fields.Require("at_most") is null ? null : fields.Whole("at_most");
        var within = fields.Require("within") is null ? null : fields.Duration("within");
        return outcome is null || scope is null || atMost is null || within is null ? null : new ContactCap(path, outcome.Value, scope.Value, channel, atMost.Value, within.Value);
    }

    private static T? Choice<T>(Fields fields, string key, ImmutableArray<(string Name, T Value)> known)
        where T : struct =>
        fields.Require(key) is not null && fields.Word(key) is { } word ? known.First(choice => choice.Name == word).Value : null;
}
