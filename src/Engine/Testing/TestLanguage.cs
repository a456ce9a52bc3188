using System.Collections.Immutable;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Testing;

/// <summary>The language of test files as tables: what stands in them, at which place.</summary>
internal static class TestLanguage
{
    private static readonly Key _at = new("at", Take.Text, "When: `2026-11-02T10:00` in local time, or `+2h` after the step before, which is also what stands for nothing.");
    private static readonly Key _device = new("device", Take.AnyOf(Take.Text, Anything), "The device: its type, such as `mobile`, or a mapping.");
    private static readonly Key _context = new("context", Anything, "The situation as in an event's context: `campaign`, `page` and so on.");
    private static readonly Key _channel = new("channel", Take.Text, "The channel the customer is on.");

    public static ImmutableArray<string> Outcomes { get; } = ["IMPRESSION", "CLICKED", "ACCEPTED", "REJECTED", "DISMISSED", "NO_RESPONSE", "CONVERTED"];

    public static KeyTable Ask { get; } = new(
        "a question",
        new("channel", Take.Text, "Where the answer is used; without it, any channel."),
        new("placements", Take.AnyOf(Take.Text, Take.ListOf(Take.Id, Limits.PlacementsPerDecisionMax)), "The slots to fill; without them one list over all."),
        new("max_items", Take.Whole(1, Limits.DecisionItemsMax), "How many items at most for each placement (1), or in the list (3)."),
        new("direction", Take.OneOf(["inbound", "outbound"]), "Whether the customer came to us, or we go to the customer."),
        new("container", Take.Text, "The named request."),
        _device,
        _context,
        new("dry_run", Take.Flag, "Whether the answer is not counted as an offer."));

    public static KeyTable Expect { get; } = new(
        "an expectation",
        new("stages", Members(Take.Flag), "The stages the customer is in: a list of all, or a mapping of some to `true` or `false`."),
        new("segments", Members(Take.Flag), "The segments, as for stages."),
        new("tags", Members(Take.Text), "The tags: a list of all, or a mapping of some to their level, `true` or `false`."),
        new("scores", Some(Take.Text), "Points by score: a number, or a range such as `40..60`."),
        new("grades", Some(Take.Text), "The grade by score; `none` for none."),
        new("features", Some(Take.Anything), "Values by feature: a number, a range, a text, a time, a duration, `null`."),
        new("profile", Some(Take.Anything), "Values by attribute."),
        new("rules", Some(Take.Flag), "Whether a rule holds now, by id."),
        new("triggers", Take.ListOf(Take.Id, Limits.TestStepsMax), "The signals that rules gave since the look before, in order."),
        new("touch", Take.OneOf(["high", "low", "tech"]), "The touch mode of the customer."),
        new("offers", Take.AnyOf(Take.ListOf(Take.Id, Limits.DecisionItemsMax), Some(Take.ListOf(Take.Id, Limits.DecisionItemsMax))), "The actions offered, best first; or lists by placement."),
        new("first", Take.Id, "The action offered first."),
        new("texts", Some(Take.AnyOf(Take.Text, Some(Take.Text))), "The text by action, or its parts by name."),
        new("not", Take.AnyOf(Take.ListOf(Take.Id, Limits.ActionsMax), Some(Take.Text)), "Actions that are not offered; by action the stage of the funnel, or the path of the rule, that dropped it."),
        new("allowed_again_at", Some(Take.Text), "When a dropped action is allowed again, by action."),
        new("send_at", Some(Take.Text), "When an offered action is best sent, by action."));

    public static KeyTable Look { get; } = new(
        "a look",
        _at,
        new("ask", Take.Keys(Ask), "The question for the next best action."),
        new("expect", Take.Keys(Expect), "What must be so."))
    {
        AtLeastOne = ["ask", "expect"],
    };

    public static KeyTable Identify { get; } = new(
        "what is known of a customer",
        new("identify", Anything, "Attributes of the profile."),
        _at,
        _device,
        _channel,
        _context)
    {
        ExactlyOne = ["identify"],
    };

    public static KeyTable Consent { get; } = new(
        "a consent",
        new("consent", Take.Identifier, "The purpose."),
        _at,
        new("channel", Take.AnyOf(Take.Text, Take.ListOf(Take.Text, Limits.ConsentsPerCustomerMax)), "The channel, or several; without it, any."),
        new("status", Take.OneOf(["granted", "denied", "revoked"]), "What was said; without it, granted."))
    {
        ExactlyOne = ["consent"],
    };

    public static KeyTable Response { get; } = new(
        "a response",
        new("response", Take.Id, "The action it answers; of one that was offered in the case, the newest offer."),
        new("outcome", Take.OneOf(Outcomes), "What came of it.", $"write one of {Cures.List(Outcomes)}"),
        _at,
        _channel,
        new("placement", Take.Id, "The placement it was shown in."),
        new("reward", Take.Number(), "What it was worth."))
    {
        ExactlyOne = ["response"],
    };

    /// <summary>An event of which nothing is declared; <see cref="Event"/> has the properties that are.</summary>
    public static KeyTable AnyEvent { get; } = new(
        "an event",
        new("event", Take.Event, "The event's name."),
        _at,
        new("times", Take.Whole(1, Limits.TestStepsMax), "How often."),
        new("every", Take.Duration(minutes: 0), "How far apart, where it is several times."),
        new("late", Take.Flag, "Whether it lies before the step before: it comes late."),
        _device,
        _channel,
        _context,
        new("properties", Anything, "Properties that are not declared, or are named as one of the keys here."))
    {
        ExactlyOne = ["event"],
        IsOpen = true,
    };

    public static KeyTable Case { get; } = new(
        "a case",
        [new("case", Take.Text, "Its name.", "name it: `case: what is special about it`"), .. Story]);

    public static KeyTable Test { get; } = new(
        "a test",
        [new("test", Take.Text, "What must be so, in a sentence.", "name it: `test: what must be so`"), .. Story, new("cases", Take.ListOf(Take.Keys(Case), Limits.TestCasesMax), "Several cases that share what is given.")]);

    public static KeyTable File { get; } = new(
        "a test file",
        new("timezone", Take.Text, "The zone of its times; without it, the strategy's."),
        new("given", Steps, "What happens first in every test of the file."),
        new("tests", Take.ListOf(Take.Keys(Test), Limits.TestCasesMax), "The tests.", "write `tests:` and below it one `- test: NAME` for each"));

    private static ValueShape Anything => Take.MapOf(NameRule.Property, Take.Anything, Limits.DeclaredPropertiesMax);

    private static ValueShape Steps => Take.ListOf(
        Take.AnyOf(Take.Keys(AnyEvent), Take.Keys(Identify), Take.Keys(Consent), Take.Keys(Response), Take.Keys(Look)), Limits.TestStepsMax);

    private static ImmutableArray<Key> Story =>
    [
        new("given", Steps, "What happens before."),
        .. Look.Keys,
        new("then", Steps, "What happens, and what must be so, after."),
    ];

    /// <summary>The keys of an event: declared properties stand beside the others.</summary>
    public static KeyTable Event(EventDefinition definition) => new(
        $"the event `{definition.Name}`",
        [.. AnyEvent.Keys, .. Own(definition).Select(property => new Key(property, Take.Text, "A property."))]);

    /// <summary>The declared properties that can stand beside the verb.</summary>
    public static IEnumerable<string> Own(EventDefinition definition) => definition.Properties.Select(property => property.Name).Except(AnyEvent.Names);

    private static ValueShape Some(ValueShape value) => Take.MapOf(NameRule.Id, value, Limits.ActionsMax);

    private static ValueShape Members(ValueShape value) => Take.AnyOf(Take.ListOf(Take.Id, Limits.ActionsMax), Some(value));
}
