using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The section <c>contact</c>: how often, when and where customers are contacted.</summary>
/// <param name="Caps">Frequency caps, then cool-offs, which are caps of one.</param>
/// <param name="QuietHours">Hours in which channels rest.</param>
/// <param name="Preference">Where and when customers like to hear from us; null where it is not asked.</param>
internal sealed partial record ContactSection(ImmutableArray<ContactCap> Caps, ImmutableArray<QuietHours> QuietHours, ContactPreference? Preference)
{
    private const string HoursPattern = "^(?<from>([01][0-9]|2[0-3]):[0-5][0-9])-(?<until>([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$";

    private static readonly ImmutableArray<(string Name, Outcome Outcome)> Outcomes =
    [
        ("IMPRESSION", Outcome.Impression), ("CLICKED", Outcome.Clicked), ("ACCEPTED", Outcome.Accepted), ("REJECTED", Outcome.Rejected),
        ("DISMISSED", Outcome.Dismissed), ("NO_RESPONSE", Outcome.NoResponse), ("CONVERTED", Outcome.Converted),
    ];

    private static readonly ImmutableArray<(string Name, CapScope Scope)> Scopes =
        [("all", CapScope.All), ("issue", CapScope.Issue), ("group", CapScope.Group), ("action", CapScope.Action), ("channel", CapScope.Channel)];

    private static readonly KeyTable CapKeys = new(
        "a cap",
        new("outcome", Take.OneOf(Outcomes.Select(outcome => outcome.Name)), "What is counted.", "say what is counted, such as `outcome: IMPRESSION`"),
        new("of", Take.OneOf(Scopes.Select(scope => scope.Name)), "What is counted together.", "say what is counted together, such as `of: action`"),
        new("channel", Take.Identifier, "Only on this channel; without it on all channels together."),
        new("at_most", Take.Whole(0, Limits.ContactsPerCustomerMax), "How many are allowed.", "say how many are allowed, such as `at_most: 2`"),
        new("within", Take.Duration(minutes: 1), "In the last so long.", "say in what time, such as `within: 7d`"));

    private static readonly KeyTable CoolOffKeys = new(
        "a cool-off",
        new("after", Take.OneOf(Outcomes.Select(outcome => outcome.Name)), "The outcome after which we rest.", "say after what, such as `after: REJECTED`"),
        new("of", Take.OneOf(Scopes.Select(scope => scope.Name)), "What rests: all of it that the outcome belongs to.", "say what rests, such as `of: group`"),
        new("channel", Take.Identifier, "Only after an outcome on this channel, and only there; without it on all channels."),
        new("for", Take.Duration(minutes: 1), "How long.", "say how long, such as `for: 30d`"));

    private static readonly KeyTable HoursKeys = new(
        "quiet hours",
        new("hours", Take.Form(HoursPattern), "From when to when on the customer's clock, such as `21:00-08:00`.", "say from when to when, such as `hours: \"21:00-08:00\"`"),
        new("channels", Take.ListOf(Take.Identifier, 100), "The channels that rest; `email`, `sms`, `push`, `phone` and `post` unless written."));

    private static readonly KeyTable PreferKeys = new(
        "a preference",
        new("channel", Take.Expression("text"), "The channel whose treatments are taken first."),
        new("hour", Take.Expression("number"), "The hour of the customer's day at which outbound treatments are sent that say no time."),
        new("weight", Take.Factor, "The factor on the priority of what is offered on the preferred channel."))
    {
        AtLeastOne = ["channel", "hour"],
    };

    public static KeyTable Keys { get; } = new(
        "the contact section",
        new("caps", Take.ListOf(Take.Keys(CapKeys), Limits.CapsMax), "Frequency caps; all must hold."),
        new("cool_off", Take.ListOf(Take.Keys(CoolOffKeys), Limits.CapsMax), "Rests after an outcome."),
        new("quiet_hours", Take.AnyOf(Take.Form(HoursPattern), Take.Keys(HoursKeys), Take.ListOf(Take.AnyOf(Take.Form(HoursPattern), Take.Keys(HoursKeys)), Limits.QuietHoursMax)),
            "Hours in which nothing is sent."),
        new("prefer", Take.Keys(PreferKeys), "Where and when customers like to hear from us."));

    public static ContactSection Compile(WrittenNode? node, Declarations names, StrategySchema schema, Mistakes mistakes)
    {
        if (node is null || Fields.Of(node, "contact", Keys, mistakes) is not { } fields)
        {
            return new([], [], null);
        }

        var caps = Shape.Items(fields["caps"], "contact.caps", "the caps", Limits.CapsMax, mistakes)
            .Select((item, index) => Cap(item, $"contact.caps[{index + 1}]", names, mistakes));
        var rests = Shape.Items(fields["cool_off"], "contact.cool_off", "the cool-offs", Limits.CapsMax, mistakes)
            .Select((item, index) => CoolOff(item, $"contact.cool_off[{index + 1}]", names, mistakes));
        return new([.. caps.Concat(rests).OfType<ContactCap>()], Quiet(fields["quiet_hours"], names, mistakes), Prefer(fields["prefer"], schema, mistakes));
    }

    private static ContactCap? Cap(WrittenNode node, string path, Declarations names, Mistakes mistakes)
    {
        if (Fields.Of(node, path, CapKeys, mistakes) is not { } fields)
        {
            return null;
        }

        var (outcome, scope, channel) = Counted(fields, "outcome", names);
        var atMost = fields.Require("at_most") is null ? null : fields.Whole("at_most");
        var within = fields.Require("within") is null ? null : fields.Duration("within");
        return outcome is null || scope is null || atMost is null || within is null ? null : new(path, outcome.Value, scope.Value, channel, atMost.Value, within.Value);
    }

    private static ContactCap? CoolOff(WrittenNode node, string path, Declarations names, Mistakes mistakes)
    {
        if (Fields.Of(node, path, CoolOffKeys, mistakes) is not { } fields)
        {
            return null;
        }

        var (outcome, scope, channel) = Counted(fields, "after", names);
        var rest = fields.Require("for") is null ? null : fields.Duration("for");
        return outcome is null || scope is null || rest is null ? null : new(path, outcome.Value, scope.Value, channel, 1, rest.Value) { IsCoolOff = true };
    }

    private static (Outcome? Outcome, CapScope? Scope, string? Channel) Counted(Fields fields, string key, Declarations names)
    {
        var scope = Choice(fields, "of", Scopes);
        if (scope == CapScope.Channel && fields.Has("channel"))
        {
            fields.Mistakes.Add(fields.PlaceOf("channel"), fields.PathOf("channel"), "`of: channel` is for each channel by itself; write `of: all` for one channel");
        }

        return (Choice(fields, key, Outcomes), scope, References.Channel(fields["channel"], fields.PathOf("channel"), names, fields.Mistakes));
    }

    private static ImmutableArray<QuietHours> Quiet(WrittenNode? node, Declarations names, Mistakes mistakes) => node switch
    {
        null => [],
        WrittenNode.Sequence => [.. Shape.Items(node, "contact.quiet_hours", "the quiet hours", Limits.QuietHoursMax, mistakes)
            .Select((item, index) => QuietOne(item, $"contact.quiet_hours[{index + 1}]", names, mistakes)).OfType<QuietHours>()],
        _ => QuietOne(node, "contact.quiet_hours", names, mistakes) is { } one ? [one] : [],
    };

    private static QuietHours? QuietOne(WrittenNode node, string path, Declarations names, Mistakes mistakes)
    {
        if (node is WrittenNode.Scalar)
        {
            return Hours(node, path, OutboundChannels.All, mistakes);
        }

        if (Fields.Of(node, path, HoursKeys, mistakes) is not { } fields)
        {
            return null;
        }

        var channels = Channels(fields, names);
        return fields.Require("hours") is { } hours ? Hours(hours, path, fields.Has("channels") ? channels : OutboundChannels.All, mistakes) : null;
    }

    private static QuietHours? Hours(WrittenNode node, string path, ImmutableArray<string> channels, Mistakes mistakes)
    {
        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        var match = HoursForm().Match(text);
        if (!match.Success)
        {
            mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` are no hours; write from when to when on the customer's clock, such as `\"21:00-08:00\"`");
            return null;
        }

        var (from, until) = (Time(match.Groups["from"].Value), Time(match.Groups["until"].Value));
        if (from != until)
        {
            return new(path, from, until, channels);
        }

        mistakes.Add(node.Place, path, "quiet hours that end where they begin leave no time; to close a channel, give actions no treatment for it");
        return null;
    }

    private static LocalTime Time(string text) => new(int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture) % 24, int.Parse(text.AsSpan(3), CultureInfo.InvariantCulture));

    private static ContactPreference? Prefer(WrittenNode? node, StrategySchema schema, Mistakes mistakes)
    {
        if (node is null || Fields.Of(node, "contact.prefer", PreferKeys, mistakes) is not { } fields)
        {
            return null;
        }

        if (!fields.Has("channel") && !fields.Has("hour"))
        {
            fields.Require("channel", "say which channel is preferred, such as `channel: profile.channel`, or which `hour`");
        }

        else if (fields.Has("weight") && !fields.Has("channel"))
        {
            mistakes.Add(fields.PlaceOf("weight"), fields.PathOf("weight"), "`weight` is for what is offered on the preferred channel; write `channel` too");
        }

        var channel = Conditions.Expression(fields["channel"], fields.PathOf("channel"), schema.WithoutEvent, CelType.String, mistakes);
        var hour = SendTimes.Read(fields["hour"], fields.PathOf("hour"), schema, mistakes);
        return new(channel, hour, fields.Factor("weight") ?? 1);
    }

    internal static ImmutableArray<string> Channels(Fields fields, Declarations names)
    {
        var path = fields.PathOf("channels");
        foreach (var item in (fields["channels"] as WrittenNode.Sequence)?.Items.OfType<WrittenNode.Scalar>() ?? [])
        {
            References.Channel(item, path, names, fields.Mistakes);
        }

        return References.Texts(fields["channels"], path, "the channels", names.Channels.Length, fields.Mistakes);
    }

    private static T? Choice<T>(Fields fields, string key, ImmutableArray<(string Name, T Value)> known)
        where T : struct =>
        fields.Require(key) is not null && fields.Word(key) is { } word ? known.First(choice => choice.Name == word).Value : null;

    [GeneratedRegex(HoursPattern, RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HoursForm();
}
