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

    /// <summary>All of them, as the manual lists them.</summary>
    public static ImmutableArray<FindingRule> All { get; } =
    [
        Yaml, Limit, Shape, UnknownKey, MissingKey, EmptyValue, BadName, BadValue, DuplicateId, UnknownName, Cycle, Syntax, Type, Constant,
        UnservedStage,
    ];

    private static FindingRule Warning(string id, string meaning) => new(id, Severity.Warning, meaning);

    private static FindingRule Error(string id, string meaning) => new(id, Severity.Error, meaning);
}
