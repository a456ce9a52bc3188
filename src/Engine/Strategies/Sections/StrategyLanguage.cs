using Decisioning.Engine.Actions;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The whole language as a table: the sections of a strategy, in the order authors usually write them, and what stands in each.</summary>
internal static class StrategyLanguage
{
    public static KeyTable Sections { get; } = new(
        "a strategy",
        new("strategy", Take.Id, "The strategy's name.", "begin `strategy.yaml` with `strategy: NAME`"),
        new("timezone", Take.Text, "The time zone of customers who have none of their own: an IANA name such as `Europe/Berlin`."),
        new("locale", Take.Form(LocaleTag.Pattern), "The locale of customers who have none of their own, such as `de` or `de-AT`."),
        new("allowed_lateness", Take.Duration(minutes: 0), "How much older than the customer's newest event an event may be and still run rules."),
        new("offer_expires", Take.Duration(minutes: 1), "How long an offered item waits for its response and counts against caps."),
        new("retention", Take.Duration(minutes: 1440), "How long a customer's events are kept; a window should not be longer."),
        new("profile", Take.MapOf(NameRule.Identifier, TypedProperties.TypeShape, Limits.ProfileAttributesMax), "Attributes that conditions use, typed."),
        new("events", Take.MapOf(NameRule.Event, Take.MapOf(NameRule.Property, TypedProperties.TypeShape, Limits.DeclaredPropertiesMax), Limits.EventsMax),
            "Events with the properties that conditions use, typed."),
        new("features", Take.MapOf(NameRule.Identifier, Take.Keys(FeaturesSection.Keys), Limits.FeaturesMax), "Values computed from a customer's events."),
        new("segments", Take.MapOf(NameRule.Identifier, Take.Condition, Limits.SegmentsMax), "Named groups of customers: a condition each."),
        new("tags", Take.MapOf(NameRule.Id, TagsSection.LevelsShape, Limits.RulesMax), "The levels of tags, lowest first, so that conditions can compare them."),
        new("scores", Take.MapOf(NameRule.Identifier, Take.Keys(ScoresSection.Keys), Limits.ScoresMax), "Points that add up and fade."),
        new("journey", Take.MapOf(NameRule.Identifier, Take.Keys(JourneySection.StageKeys), Limits.StagesMax), "The stages of a customer's way."),
        new("schedule", Take.MapOf(NameRule.Identifier, Take.Keys(ScheduleSection.Keys), Limits.StagesMax), "The plan of each stage."),
        new("rules", Take.ListOf(Take.Keys(RulesSection.Keys), Limits.RulesMax), "Layered rules."),
        new("calendars", Take.MapOf(NameRule.Identifier, CalendarsSection.Form, Limits.CalendarsMax), "Named days: dates, recurrences, days around Easter."),
        new("channels", Take.ListOf(Take.Identifier, 100), "Channels of your own."),
        new("consent", Take.Keys(PolicySections.ConsentKeys), "The purposes for which consent is asked."),
        new("contact", Take.Keys(ContactSection.Keys), "How often, when and where customers are contacted."),
        new("touch", Take.Keys(TouchSection.Keys), "Who is served how closely."),
        new("budget", Take.Keys(BudgetSection.Keys), "The money that may be spent."),
        new("issues", ActionsSection.IssuesShape, "What we may do: issue > group > action."),
        new("arbitration", Take.Keys(ArbitrationSection.Keys), "Who wins."));
}
