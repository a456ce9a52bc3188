using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The names <c>event.…</c>.</summary>
internal static class EventSchema
{
    /// <summary>Adds the properties of the given events, or of all when none is given. One declared with two types is read as dyn.</summary>
    public static ExpressionSchemaBuilder<Facts> Add(ExpressionSchemaBuilder<Facts> schema, Declarations names, ImmutableArray<string> events)
    {
        var chosen = events.IsEmpty ? names.Events.Values : events.Select(names.EventNamed);
        var where = events.Length == 1 ? $"declare it under `events`, in `{events[0]}`" : "declare it under `events`";
        schema = names.IsWhole ? schema.Namespace("event", where) : schema.OpenNamespace("event", (_, _) => Value.Null);
        schema
            .Variable<string?>("event.name", CelType.Nullable(CelType.String), facts => facts.EventName, NamesOf(names, events))
            .Variable("event.hour", CelType.Nullable(CelType.Int), facts => facts.EventHour, VariableDomain.Between(0, 23))
            .Variable("event.timestamp", CelType.Nullable(CelType.Timestamp), facts => facts.EventTimestamp);
        foreach (var property in chosen.SelectMany(definition => definition.Properties).GroupBy(property => property.Name, StringComparer.Ordinal))
        {
            var declared = property.ToList();
            AddProperty(schema, declared.TrueForAll(other => other.Type == declared[0].Type) ? Common(declared) : declared[0] with { Type = CelType.Dyn, Values = [], Min = null, Max = null });
        }

        return schema;
    }

    private static VariableDomain? NamesOf(Declarations names, ImmutableArray<string> events) => names.IsWhole
        ? VariableDomain.OneOf(events.IsEmpty ? names.Events.Keys.Order(StringComparer.Ordinal) : events)
        : null;

    /// <summary>Bounds hold for all only where all state the same.</summary>
    private static PropertyType Common(List<PropertyType> declared)
    {
        var first = declared[0];
        return declared.TrueForAll(other => other.Min == first.Min && other.Max == first.Max && other.Values.AsSpan().SequenceEqual(first.Values.AsSpan()))
            ? first
            : first with { Values = [], Min = null, Max = null };
    }

    private static void AddProperty(ExpressionSchemaBuilder<Facts> schema, PropertyType property)
    {
        var (name, type, own) = ($"event.{property.Name}", property.Type, property.Name);
        var domain = ProfileSchema.DomainOf(property);
        var plain = type is CelType.NullableOf nullable ? nullable.Inner : type;
        _ = plain switch
        {
            _ when plain == CelType.String => schema.Variable<string?>(name, type, Readers.Read(facts => facts.EventString(own)), domain),
            _ when plain == CelType.Int => schema.Variable(name, type, Readers.Read(facts => facts.EventInt(own)), domain),
            _ when plain == CelType.Double => schema.Variable(name, type, Readers.Read(facts => facts.EventDouble(own)), domain),
            _ when plain == CelType.Bool => schema.Variable(name, type, Readers.Read(facts => facts.EventBool(own))),
            _ when plain == CelType.Timestamp => schema.Variable(name, type, Readers.Read(facts => facts.EventTimestampOf(own))),
            _ => schema.Variable(name, type, Readers.Read(facts => facts.EventValue(own))),
        };
    }
}
