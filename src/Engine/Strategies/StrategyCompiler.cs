using System.Collections.Immutable;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Sections;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies;

/// <summary>Turns a strategy as written into one that runs, or into every mistake its author made.</summary>
public static class StrategyCompiler
{
    /// <summary>Checks everything before reporting, so that an author sees all the mistakes at once. Never throws for any text.</summary>
    /// <param name="source">
    /// The files of the strategy's folder. Those that do not end in <c>.yaml</c>, those under <c>tests/</c> or <c>import/</c>, and
    /// <c>*.map.yaml</c> are no part of it.
    /// </param>
    /// <param name="version">The version it is published as; 0 while it is not published.</param>
    /// <returns>The strategy, or null and its errors: <c>strategy.yaml</c> first, then by file name, line and column. Warnings either way.</returns>
    public static StrategyCompilation Compile(StrategySource source, long version)
    {
        var mistakes = new Mistakes();
        var (document, strategy) = Compile(source, version, mistakes);
        return Outcome(document, strategy, mistakes);
    }

    /// <summary>What came of it: the strategy unless there are errors.</summary>
    internal static StrategyCompilation Outcome(StrategyDocument document, Strategy strategy, Mistakes mistakes) =>
        new(mistakes.Any ? null : strategy, mistakes.Errors(document.Files), mistakes.Warnings(document.Files));

    /// <summary>Reads and compiles. With mistakes the strategy is not to be used.</summary>
    internal static (StrategyDocument Document, Strategy Strategy) Compile(StrategySource source, long version, Mistakes mistakes)
    {
        var document = StrategyDocument.Read(source, mistakes);
        return (document, Compile(document, Declarations.Gather(document, mistakes), version, mistakes));
    }

    private static Strategy Compile(StrategyDocument document, Declarations names, long version, Mistakes mistakes)
    {
        var sections = document.Sections;
        var header = HeaderSection.Read(document, mistakes);
        PolicySections.CheckChannels(sections.GetValueOrDefault("channels"), mistakes);
        TagsSection.Check(sections.GetValueOrDefault("tags"), names, mistakes);

        var schema = StrategySchema.Of(names);
        var written = FeaturesSection.Compile(sections.GetValueOrDefault("features"), names, schema, mistakes);
        var features = written.Select(feature => feature.Feature).OfType<Feature>().ToImmutableArray();
        (var segments, schema) = SegmentsSection.Compile(sections.GetValueOrDefault("segments"), schema.WithFeatures(written), mistakes);
        var actions = ActionsSection.Compile(sections.GetValueOrDefault("issues"), names, schema, header.TimeZone, mistakes);
        var plans = ScheduleSection.Compile(sections.GetValueOrDefault("schedule"), names, actions, mistakes);
        var arbitration = ArbitrationSection.Compile(sections.GetValueOrDefault("arbitration"), names, actions, header.TimeZone, mistakes);
        var contact = ContactSection.Compile(sections.GetValueOrDefault("contact"), names, schema, mistakes);
        return new Strategy
        {
            Name = header.Name,
            Version = version,
            Hash = document.Hash,
            TimeZone = header.TimeZone,
            Locale = header.Locale,
            AllowedLateness = header.AllowedLateness,
            OfferExpires = header.OfferExpires,
            Retention = header.Retention,
            Profile = names.Profile,
            Events = names.Events,
            Features = features,
            Segments = segments,
            Tags = names.Tags,
            Scores = ScoresSection.Compile(sections.GetValueOrDefault("scores"), names, schema, mistakes),
            Stages = JourneySection.Compile(sections.GetValueOrDefault("journey"), plans, names, schema, mistakes),
            Rules = RulesSection.Compile(sections.GetValueOrDefault("rules"), names, schema, segments, mistakes),
            Purposes = PolicySections.Purposes(sections.GetValueOrDefault("consent"), mistakes),
            Caps = contact.Caps,
            QuietHours = contact.QuietHours,
            Preference = contact.Preference,
            Touch = TouchSection.Compile(sections.GetValueOrDefault("touch"), names, schema, mistakes),
            Budget = BudgetSection.Compile(sections.GetValueOrDefault("budget"), mistakes),
            Actions = actions,
            Levers = arbitration.Levers,
            Arbitration = arbitration.Settings,
            Calendars = CalendarsSection.Compile(sections.GetValueOrDefault("calendars"), mistakes),
        };
    }
}
