using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>
/// What issues, groups and actions have in common. What is asked of customers adds up from level to level; a value, a propensity and
/// a purpose hold until a lower level writes its own.
/// </summary>
internal sealed record ActionLevel
{
    /// <summary>The largest value or cost, in the currency of the strategy.</summary>
    public const double ValueMax = 1_000_000_000;

    public static ImmutableArray<Key> Keys { get; } =
    [
        new("value", Take.Number(0, ValueMax), "What a positive response is worth."),
        new("propensity", Take.Number(0, 1), "The probability of a positive response; 0.5 unless written."),
        new("purpose", Take.Identifier, "The consent it needs."),
        new("eligible", Take.Condition, "Who may get it at all."),
        new("applicable", Take.Condition, "For whom it makes sense now."),
        new("suitable", Take.Condition, "For whom it is right."),
        new("valid_from", Take.Instant, "From when it may be offered."),
        new("valid_until", Take.Instant, "Until when it may be offered; a day counts whole."),
    ];

    /// <summary>What issues and groups write for all that is below them.</summary>
    public static KeyTable Table { get; } = new("what an issue or a group says for its actions", Keys.AsSpan());

    public static ActionLevel Empty { get; } = new();

    public double? Value { get; private init; }

    public double? Propensity { get; private init; }

    public string? Purpose { get; private init; }

    public ImmutableArray<Condition> Eligible { get; private init; } = [];

    public ImmutableArray<Condition> Applicable { get; private init; } = [];

    public ImmutableArray<Condition> Suitable { get; private init; } = [];

    public DateTimeOffset? ValidFrom { get; private init; }

    public DateTimeOffset? ValidUntil { get; private init; }

    /// <summary>Whether a key of an issue or a group says something for its actions, instead of naming one of them.</summary>
    public static bool IsKey(string name) => Table.Names.Contains(name);

    /// <summary>This level with what a lower one writes.</summary>
    public ActionLevel With(Fields fields, Declarations names, StrategySchema schema, DateTimeZone zone)
    {
        var mistakes = fields.Mistakes;
        var from = Dates.Instant(fields["valid_from"], fields.PathOf("valid_from"), mistakes, zone, lastDay: false);
        var until = Dates.Instant(fields["valid_until"], fields.PathOf("valid_until"), mistakes, zone, lastDay: true);
        var level = new ActionLevel
        {
            Value = fields.Number("value") ?? Value,
            Propensity = fields.Number("propensity") ?? Propensity,
            Purpose = References.One(fields["purpose"], fields.PathOf("purpose"), "purpose", names.Purposes, "name it under `consent.purposes`", names, mistakes) ?? Purpose,
            Eligible = And(Eligible, "eligible"),
            Applicable = And(Applicable, "applicable"),
            Suitable = And(Suitable, "suitable"),
            ValidFrom = from is null || from < ValidFrom ? ValidFrom : from,
            ValidUntil = until is null || until > ValidUntil ? ValidUntil : until,
        };
        if (level.ValidFrom >= level.ValidUntil && (from is not null || until is not null))
        {
            var key = until is null ? "valid_from" : "valid_until";
            mistakes.Add(fields.PlaceOf(key), fields.PathOf(key), from is not null && until is not null
                ? "`valid_until` is not after `valid_from`; swap them"
                : "with what its issue and group say, this leaves no time in which it is valid");
        }

        return level;

        ImmutableArray<Condition> And(ImmutableArray<Condition> above, string key) =>
            Conditions.Compile(fields[key], fields.PathOf(key), schema.WithoutEvent, mistakes) is { } condition ? above.Add(condition) : above;
    }
}
