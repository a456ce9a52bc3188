using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using NodaTime;

namespace Decisioning.Cli.Import;

/// <summary>How the rows of a file become events, checked against the file's columns.</summary>
/// <param name="UserId">The column of the customer's id; null for none.</param>
/// <param name="AnonymousId">The column that stands in where the customer's id is empty; null for none.</param>
/// <param name="MessageId">The columns that make an event's id, joined with a dash; empty: all of its first row.</param>
/// <param name="GroupBy">Neighbouring rows with the same values here are one event; empty: each row is one.</param>
/// <param name="Time">When it happened.</param>
/// <param name="TimeOfLast">Whether the last row of a group tells the time, rather than the first.</param>
/// <param name="Events">The event's name: the first whose condition holds.</param>
/// <param name="Properties">The event's properties.</param>
/// <param name="Products">What each row gives to the event's list <c>products</c>; empty for no list.</param>
/// <param name="Context">The event's context.</param>
internal sealed record ImportMap(
    int? UserId,
    int? AnonymousId,
    ImmutableArray<int> MessageId,
    ImmutableArray<int> GroupBy,
    TimeColumn Time,
    bool TimeOfLast,
    ImmutableArray<EventCase> Events,
    ImmutableArray<MappedProperty> Properties,
    ImmutableArray<MappedProperty> Products,
    ImmutableArray<MappedProperty> Context);

/// <summary>An event's name, for the rows a condition on their group's first row selects; null for all.</summary>
internal sealed record EventCase(string Name, CompiledExpression<ImportRow>? When);

/// <summary>The column of the time and how to read it.</summary>
internal sealed record TimeColumn(int Column, TimeFormat Format);

/// <summary>A property and where it comes from.</summary>
internal sealed record MappedProperty(string Name, PropertySource Source);

/// <summary>The types a column can be read as.</summary>
internal enum ColumnType
{
    /// <summary>As it stands; empty becomes nothing.</summary>
    String,

    /// <summary>A whole number.</summary>
    Int,

    /// <summary>A number.</summary>
    Double,

    /// <summary><c>true</c> or <c>false</c>, <c>1</c> or <c>0</c>, <c>yes</c> or <c>no</c>.</summary>
    Bool,

    /// <summary>An instant, read as the map's time is.</summary>
    Time,
}

/// <summary>Where a property comes from: a closed set.</summary>
internal abstract record PropertySource
{
    private PropertySource()
    {
    }

    /// <summary>A column of the group's first or last row.</summary>
    public sealed record Column(int Index, ColumnType Type, bool OfLast) : PropertySource;

    /// <summary>An expression on the group's first row.</summary>
    public sealed record Value(CompiledExpression<ImportRow> Expression) : PropertySource;

    /// <summary>The sum of an expression over the group's rows.</summary>
    public sealed record Sum(CompiledExpression<ImportRow> Expression) : PropertySource;
}

/// <summary>A row of the file.</summary>
internal sealed class ImportRow(long line, string[] values)
{
    /// <summary>A row that could not be read.</summary>
    public static ImportRow Gap(long line) => new(line, []);

    /// <summary>Whether there was something that could not be read.</summary>
    public bool IsGap => Values.Length == 0;

    /// <summary>Where it begins in the file, from 1.</summary>
    public long Line { get; } = line;

    /// <summary>Its values, by column.</summary>
    public string[] Values { get; } = values;
}

/// <summary>How an instant is written.</summary>
internal abstract record TimeFormat
{
    private TimeFormat()
    {
    }

    /// <summary>By the clocks of a zone, in a NodaTime pattern. Skipped times move forward by the gap, ambiguous ones are the earlier.</summary>
    public sealed record Local(NodaTime.Text.LocalDateTimePattern Pattern, DateTimeZone Zone) : TimeFormat;

    /// <summary>ISO 8601 with an offset or <c>Z</c>.</summary>
    public sealed record Iso : TimeFormat;

    /// <summary>Seconds or milliseconds since 1970-01-01T00:00:00Z.</summary>
    public sealed record Unix(bool Milliseconds) : TimeFormat;
}
