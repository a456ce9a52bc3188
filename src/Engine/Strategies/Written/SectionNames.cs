using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies.Written;

/// <summary>The sections of a strategy, in the order authors usually write them.</summary>
internal static class SectionNames
{
    public static ImmutableArray<string> All { get; } =
    [
        "strategy", "timezone", "allowed_lateness", "offer_expires", "profile", "events", "features", "segments", "scores", "journey",
        "schedule", "rules", "calendars", "channels", "consent", "contact", "issues", "arbitration",
    ];
}
