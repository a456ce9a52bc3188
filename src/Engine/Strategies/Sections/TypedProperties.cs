using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The sections <c>profile</c> and <c>events</c>: what conditions may read, and of which type it is.</summary>
internal static class TypedProperties
{
    private static readonly ImmutableArray<string> TypeNames = ["string", "int", "double", "bool", "timestamp", "date", "list", "map"];
    private const int ValuesMax = 200;

    private static readonly KeyTable TypeKeys = new(
        "a type",
        new("type", Take.OneOf(TypeNames), "The type of its values.", $"write one of {Cures.List(TypeNames)}"),
        new("values", Take.ListOf(Take.Text, ValuesMax), "The values a `string` may have."),
        new("min", Take.Number(), "The least a number may be."),
        new("max", Take.Number(), "The most a number may be."));

    /// <summary>A type by its name, or as a mapping with its bounds.</summary>
    public static ValueShape TypeShape { get; } = Take.AnyOf(Take.OneOf(TypeNames), Take.Keys(TypeKeys));

    /// <summary>What <c>event.</c> has besides the properties.</summary>
    private static readonly ImmutableArray<string> OwnNames = ["name", "hour", "timestamp"];

    /// <summary>Events every strategy knows, with the properties the engine itself gives them.</summary>
    private static readonly ImmutableArray<EventDefinition> BuiltIn =
    [
        Known(EventNames.PageViewed, "path", "referrer", "search", "title", "url"),
        Known(EventNames.ScreenViewed),
        Known(EventNames.Identified),
        Known(EventNames.Grouped),
        Known(EventNames.Aliased),
        Known(EventNames.ConsentGranted, "channel", "evidence", "purpose"),
        Known(EventNames.ConsentDenied, "channel", "evidence", "purpose"),
        Known(EventNames.ConsentRevoked, "channel", "evidence", "purpose"),
        Response(),
    ];

    public static ImmutableArray<PropertyType> ReadProfile(WrittenNode? node, Mistakes mistakes) =>
        [.. Shape.Named(node, "profile", "the profile", Limits.ProfileAttributesMax, NameRule.Identifier, mistakes)
            .Select(entry => Read(entry, $"profile.{entry.Name}", mistakes))
            .OrderBy(property => property.Name, StringComparer.Ordinal)];

    public static FrozenDictionary<string, EventDefinition> ReadEvents(WrittenNode? node, Mistakes mistakes)
    {
        var events = BuiltIn.ToDictionary(definition => definition.Name, StringComparer.Ordinal);
        foreach (var entry in Shape.Named(node, "events", "the events", Limits.EventsMax, NameRule.Event, mistakes))
        {
            if (EventNames.IsReserved(entry.Name))
            {
                mistakes.Add(entry.Key.Place, $"events.{entry.Name}", $"`{entry.Name}` is made by the engine, with properties of its own; take another name");
                continue;
            }

            var declared = Shape.Named(entry.Value, $"events.{entry.Name}", "the properties of an event", Limits.DeclaredPropertiesMax, NameRule.Property, mistakes)
                .Where(property => IsFree(property, $"events.{entry.Name}.{property.Name}", mistakes))
                .Select(property => Read(property, $"events.{entry.Name}.{property.Name}", mistakes))
                .ToDictionary(property => property.Name, StringComparer.Ordinal);
            if (events.TryGetValue(entry.Name, out var builtIn))
            {
                foreach (var property in builtIn.Properties)
                {
                    declared.TryAdd(property.Name, property);
                }
            }

            events[entry.Name] = new EventDefinition(entry.Name, [.. declared.Values.OrderBy(property => property.Name, StringComparer.Ordinal)]);
        }

        return events.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static bool IsFree(WrittenEntry property, string path, Mistakes mistakes)
    {
        if (!OwnNames.Contains(property.Name))
        {
            return true;
        }

        mistakes.Add(FindingRules.BadName, property.Key.Place, path, $"`event.{property.Name}` is the event's own {property.Name} in conditions; leave the property out here, it is kept all the same");
        return false;
    }

    private static PropertyType Read(WrittenEntry entry, string path, Mistakes mistakes)
    {
        if (entry.Value is WrittenNode.Scalar scalar)
        {
            var (type, isDate) = TypeOf(scalar, path, mistakes);
            return new PropertyType(entry.Name, type, [], null, null, isDate);
        }

        if (Fields.Of(entry.Value, path, TypeKeys, mistakes) is not { } fields
            || fields.Require("type") is not { } typeNode)
        {
            return new PropertyType(entry.Name, CelType.Dyn, [], null, null, false);
        }

        var (declared, date) = TypeOf(typeNode, fields.PathOf("type"), mistakes);
        var plain = declared is CelType.NullableOf nullable ? nullable.Inner : declared;
        var (min, max) = ReadRange(fields, plain);
        return new PropertyType(entry.Name, declared, ReadValues(fields, plain), min, max, date);
    }

    private static (CelType Type, bool IsDate) TypeOf(WrittenNode node, string path, Mistakes mistakes)
    {
        if (Literals.Text(node, path, mistakes) is not { } name)
        {
            return (CelType.Dyn, false);
        }

        CelType? type = name switch
        {
            "string" => CelType.String,
            "int" => CelType.Int,
            "double" => CelType.Double,
            "bool" => CelType.Bool,
            "timestamp" or "date" => CelType.Timestamp,
            "list" => CelType.List(CelType.Dyn),
            "map" => CelType.Map(CelType.String, CelType.Dyn),
            _ => null,
        };
        if (type is not null)
        {
            return (CelType.Nullable(type), name == "date");
        }

        var cure = name is "number" or "float" or "decimal" ? "; did you mean `double`?"
            : name is "text" ? "; did you mean `string`?"
            : name is "integer" or "long" ? "; did you mean `int`?"
            : name is "boolean" ? "; did you mean `bool`?"
            : Cures.For(name, TypeNames, $"; write one of {Cures.List(TypeNames)}");
        mistakes.Add(FindingRules.UnknownName, node.Place, path, name.Length == 0 ? $"a type is missing here; write one of {Cures.List(TypeNames)}" : $"unknown type `{Shape.Short(name)}`{cure}");
        return (CelType.Dyn, false);
    }

    private static ImmutableArray<string> ReadValues(Fields fields, CelType type)
    {
        if (!fields.Has("values"))
        {
            return [];
        }

        if (type != CelType.String && type != CelType.Dyn)
        {
            fields.Mistakes.Add(fields.PlaceOf("values"), fields.PathOf("values"), "`values` is for the type `string`; use `min` and `max` for numbers");
            return [];
        }

        return References.Texts(fields["values"], fields.PathOf("values"), "the values", ValuesMax, fields.Mistakes);
    }

    private static (double? Min, double? Max) ReadRange(Fields fields, CelType type)
    {
        if (type != CelType.Int && type != CelType.Double && type != CelType.Dyn)
        {
            foreach (var key in (ReadOnlySpan<string>)["min", "max"])
            {
                if (fields.Has(key))
                {
                    fields.Mistakes.Add(fields.PlaceOf(key), fields.PathOf(key), $"`{key}` is for the types `int` and `double`; leave it out");
                }
            }

            return (null, null);
        }

        var min = fields.Number("min");
        var max = fields.Number("max");
        if (min > max)
        {
            fields.Mistakes.Add(fields.PlaceOf("min"), fields.PathOf("min"), $"`min` {min} is above `max` {max}; swap them");
        }

        return (min, max);
    }

    private static EventDefinition Known(string name, params ReadOnlySpan<string> texts) => new(name, [.. texts.ToArray().Select(Text)]);

    private static PropertyType Text(string name) => new(name, CelType.Nullable(CelType.String), [], null, null, false);

    private static EventDefinition Response() => new(EventNames.ResponseCaptured,
    [
        Text("action"), Text("behaviour"), Text("channel"), Text("group"), Text("issue"), Text("outcome"), Text("placement"),
        new PropertyType("reward", CelType.Nullable(CelType.Double), [], null, null, false), Text("treatment"),
    ]);
}
