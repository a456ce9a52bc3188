using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The sections <c>strategy</c>, <c>timezone</c>, <c>locale</c>, <c>allowed_lateness</c>, <c>offer_expires</c> and <c>retention</c>.</summary>
internal sealed record HeaderSection(string Name, DateTimeZone TimeZone, string Locale, Duration AllowedLateness, TimeSpan OfferExpires, TimeSpan? Retention)
{
    public static HeaderSection Read(StrategyDocument document, Mistakes mistakes)
    {
        var sections = document.Sections;
        return new HeaderSection(
            NameOf(document, mistakes),
            ZoneOf(sections.GetValueOrDefault("timezone"), DateTimeZone.Utc, mistakes),
            LocaleOf(sections.GetValueOrDefault("locale"), "locale", mistakes) ?? "en",
            Duration.FromTimeSpan(SpanOf(sections, "allowed_lateness", mistakes) ?? TimeSpan.FromDays(1)),
            SpanOf(sections, "offer_expires", mistakes) ?? TimeSpan.FromDays(1),
            SpanOf(sections, "retention", mistakes));
    }

    private static string NameOf(StrategyDocument document, Mistakes mistakes)
    {
        if (document.Sections.GetValueOrDefault("strategy") is not { IsEmpty: false } node)
        {
            if (document.IsWhole && document.Files.Length > 0)
            {
                mistakes.Add(FindingRules.MissingKey, new Place(document.Files[0], 1, 1), "strategy", "the strategy has no name; begin `strategy.yaml` with `strategy: NAME`");
            }

            return "";
        }

        return node is WrittenNode.Scalar scalar && Names.Check(scalar, "strategy", NameRule.Id, mistakes)
            ? scalar.Text
            : (node is WrittenNode.Scalar ? null : Literals.Text(node, "strategy", mistakes)) ?? "";
    }

    /// <summary>The zone of an IANA name; the default where nothing is written, or no zone, which is then reported.</summary>
    public static DateTimeZone ZoneOf(WrittenNode? node, DateTimeZone otherwise, Mistakes mistakes)
    {
        if (node is null or { IsEmpty: true } || Literals.Text(node, "timezone", mistakes) is not { } id)
        {
            return otherwise;
        }

        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is { } zone)
        {
            return zone;
        }

        mistakes.Add(FindingRules.UnknownName, node.Place, "timezone", $"unknown time zone `{Shape.Short(id)}`{Cures.For(id, DateTimeZoneProviders.Tzdb.Ids, "; write an IANA name such as `Europe/Berlin`")}");
        return otherwise;
    }

    /// <summary>A locale; null when it is not there or is none, which is then reported.</summary>
    internal static string? LocaleOf(WrittenNode? node, string path, Mistakes mistakes)
    {
        if (node is null or { IsEmpty: true } || Literals.Text(node, path, mistakes) is not { } tag)
        {
            return null;
        }

        if (LocaleTag.IsWellFormed(tag))
        {
            return tag;
        }

        mistakes.Add(node.Place, path, $"`{Shape.Short(tag)}` is not a locale; write a language, and a country where it matters, such as `de` or `de-AT`");
        return null;
    }

    private static TimeSpan? SpanOf(ImmutableDictionary<string, WrittenNode> sections, string section, Mistakes mistakes) =>
        sections.GetValueOrDefault(section) is { IsEmpty: false } node && StrategyLanguage.Sections[section].Value is ValueShape.Duration shape
            ? Literals.Duration(node, section, mistakes, shape.Min, shape.Max)
            : null;
}
