using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Every kind of finding there is.</summary>
internal static class FindingRules
{
    public static readonly FindingRule Yaml = Error("yaml", "The file cannot be read as YAML, or YAML reads it otherwise than meant.");
    public static readonly FindingRule Limit = Error("limit", "More or larger than the engine takes.");
    public static readonly FindingRule Shape = Error("shape", "A text, a list or a mapping stands where another of them is wanted.");
    public static readonly FindingRule UnknownKey = Error("unknown-key", "A key or section that the language does not have.");
    public static readonly FindingRule MissingKey = Error("missing-key", "Something that must be written is not there.");
    public static readonly FindingRule EmptyValue = Error("empty-value", "A key, a list or an expression with nothing in it.");
    public static readonly FindingRule BadName = Error("bad-name", "A name that cannot be one.");
    public static readonly FindingRule BadValue = Error("bad-value", "A value that cannot be read, is out of bounds, or does not go with the rest.");
    public static readonly FindingRule DuplicateId = Error("duplicate-id", "The same thing is named or listed twice.");
    public static readonly FindingRule UnknownName = Error("unknown-name", "A name of something that is not declared anywhere.");
    public static readonly FindingRule Cycle = Error("cycle", "Things that need each other in a circle.");
    public static readonly FindingRule Syntax = Error("syntax", "An expression or a template that cannot be read.");
    public static readonly FindingRule Type = Error("type", "Types in an expression that do not go together.");
    public static readonly FindingRule Constant = Error("constant", "A comparison that comes to the same for every customer.");
    public static readonly FindingRule UnservedStage = Warning("unserved-stage", "A plan for a stage that no action serves.");

    public static readonly FindingRule NeverHolds = Warning("never-holds", "A condition that nobody can meet.");
    public static readonly FindingRule AlwaysHolds = Warning("always-holds", "A condition that everybody meets.");
    public static readonly FindingRule Contradiction = Warning("contradiction", "Conditions that must hold together but never do: the rule, action or stage is never reached.");
    public static readonly FindingRule Subsumed = Warning("subsumed", "A rule that does nothing but what another rule does anyway.");
    public static readonly FindingRule AlwaysLoses = Warning("always-loses", "An action that another one beats wherever it could be offered.");
    public static readonly FindingRule NoExit = Warning("no-exit", "A stage that customers never leave.");
    public static readonly FindingRule FlappingCycle = Warning("flapping-cycle", "Stages that customers may enter and leave at every event.");
    public static readonly FindingRule OutboundWithoutConsent = Warning("outbound-without-consent", "Content sent to customers without asking whether they agreed.");
    public static readonly FindingRule CapNeverReached = Warning("cap-never-reached", "A cap that binds nothing, or nothing that another one does not.");
    public static readonly FindingRule MissingFallback = Warning("missing-fallback", "A placement for which there may be nothing to offer.");
    public static readonly FindingRule WindowOverRetention = Warning("window-over-retention", "A window longer than events are kept.");
    public static readonly FindingRule Unused = Warning("unused", "Something declared that nothing reads.");
    public static readonly FindingRule Expired = Warning("expired", "Something whose time is over.");
    public static readonly FindingRule SimilarNames = Warning("similar-names", "Two events whose names are nearly the same.");
    public static readonly FindingRule IdleAllow = Warning("idle-allow", "A `lint: allow` that allows nothing.");

    /// <summary>All of them, as the manual lists them.</summary>
    public static ImmutableArray<FindingRule> All { get; } =
    [
        Yaml, Limit, Shape, UnknownKey, MissingKey, EmptyValue, BadName, BadValue, DuplicateId, UnknownName, Cycle, Syntax, Type, Constant,
        NeverHolds, AlwaysHolds, Contradiction, Subsumed, AlwaysLoses, NoExit, FlappingCycle, OutboundWithoutConsent, CapNeverReached,
        MissingFallback, WindowOverRetention, Unused, Expired, SimilarNames, UnservedStage, IdleAllow,
    ];

    private static FindingRule Warning(string id, string meaning) => new(id, Severity.Warning, meaning);

    private static FindingRule Error(string id, string meaning) => new(id, Severity.Error, meaning);
}
