using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>
/// Writes the JSON Schema (draft 2020-12) of a file, made of the same tables its reader reads by. It checks one file: what needs
/// the others, or an expression read, only the reader tells.
/// </summary>
internal static class JsonSchemaWriter
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as JSON text, the same for every run.</summary>
    /// <param name="title">What a file is.</param>
    /// <param name="description">A sentence more.</param>
    /// <param name="table">The keys at its top.</param>
    public static string Write(string title, string description, KeyTable table)
    {
        var definitions = new JsonObject();
        var properties = new JsonObject();
        foreach (var key in table.Keys)
        {
            // A key with all its lines commented out is as good as none.
            properties[key.Name] = OrNothing(Described(key, definitions));
        }

        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = title,
            ["description"] = description,
            ["type"] = new JsonArray("object", "null"),
            ["properties"] = properties,
            ["additionalProperties"] = false,
            ["$defs"] = definitions,
        };
        return schema.ToJsonString(Layout) + "\n";
    }

    private static JsonObject Described(Key key, JsonObject definitions)
    {
        var schema = Of(key.Value, definitions);
        schema["description"] = key.Meaning;
        return schema;
    }

    private static JsonObject Of(ValueShape shape, JsonObject definitions) => shape switch
    {
        ValueShape.Anything => [],
        ValueShape.Text => Defined("text", definitions, () => Typed("string", "number", "boolean")),
        ValueShape.Name name => Defined(NameOf(name.Rule), definitions, () => Name(name.Rule)),
        ValueShape.Number number => Number(number),
        ValueShape.Factor => Defined("factor", definitions, () => new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0, ["maximum"] = 1000 }),
        ValueShape.Flag => Typed("boolean"),
        ValueShape.Duration => Defined("duration", definitions, () =>
            Pattern("^(?=.)([0-9]{1,9}y)?([0-9]{1,9}w)?([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?$", "14d", "1h30m", "2y")),
        ValueShape.Instant => Defined("instant", definitions, () =>
            Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$", "2030-12-31", "2030-12-31T18:00")),
        ValueShape.Condition => Defined("condition", definitions, () => Expression("A condition in CEL.", "features.orders_1y >= 4")),
        ValueShape.Expression expression => Defined($"expression-{expression.Of}", definitions, () => Expression($"A {expression.Of} in CEL.", "event.total")),
        ValueShape.OneOf choice => new JsonObject { ["enum"] = Strings(choice.Words) },
        ValueShape.Events => Defined("events", definitions, () => Events(definitions)),
        ValueShape.Form form => Pattern(form.Pattern),
        ValueShape.ListOf list => new JsonObject { ["type"] = "array", ["items"] = Of(list.Item, definitions), ["maxItems"] = list.Max },
        ValueShape.MapOf map => Map(map, definitions),
        ValueShape.Keys keys => Defined(Slug(keys.Table.What), definitions, () => Keys(keys.Table, definitions)),
        ValueShape.AnyOf any => new JsonObject { ["anyOf"] = new JsonArray([.. any.Shapes.Select(one => Of(one, definitions))]) },
        _ => throw new InvalidOperationException($"a shape of kind {shape.GetType().Name} has no schema"),
    };

    /// <summary>Writes a definition at its first use and refers to it.</summary>
    private static JsonObject Defined(string name, JsonObject definitions, Func<JsonObject> make)
    {
        if (!definitions.ContainsKey(name))
        {
            definitions[name] = null;
            definitions[name] = make();
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    private static JsonObject Keys(KeyTable table, JsonObject definitions)
    {
        var properties = new JsonObject();
        foreach (var key in table.Keys)
        {
            properties[key.Name] = Described(key, definitions);
        }

        var schema = Typed("object");
        schema["properties"] = properties;
        schema["additionalProperties"] = table.IsOpen;
        if (table.Keys.Any(key => key.Missing is not null))
        {
            schema["required"] = Strings(table.Keys.Where(key => key.Missing is not null).Select(key => key.Name));
        }

        if (!table.ExactlyOne.IsEmpty)
        {
            schema["oneOf"] = Alternatives(table.ExactlyOne);
        }

        if (!table.AtLeastOne.IsEmpty)
        {
            schema["anyOf"] = Alternatives(table.AtLeastOne);
        }

        return schema;
    }

    private static JsonArray Alternatives(IEnumerable<string> keys) => new([.. keys.Select(key => new JsonObject { ["required"] = Strings([key]) })]);

    private static JsonObject Map(ValueShape.MapOf map, JsonObject definitions)
    {
        var value = Of(map.Value, definitions);
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["propertyNames"] = Of(new ValueShape.Name(map.Rule), definitions),
            ["additionalProperties"] = map.Value is ValueShape.MapOf ? OrNothing(value) : value,
            ["maxProperties"] = map.Max,
        };
        if (map.Own is { } own)
        {
            schema["properties"] = Keys(own, definitions)["properties"]!.DeepClone();
            schema["maxProperties"] = map.Max + own.Keys.Length;
        }

        return schema;
    }

    private static JsonObject OrNothing(JsonObject schema)
    {
        if (schema["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String)
        {
            schema["type"] = new JsonArray(type.GetValue<string>(), "null");
            return schema;
        }

        var described = new JsonObject();
        if (schema["description"] is { } description)
        {
            schema.Remove("description");
            described["description"] = description;
        }

        described["anyOf"] = new JsonArray(schema, Typed("null"));
        return described;
    }

    private static JsonObject Number(ValueShape.Number number)
    {
        var schema = Typed(number.IsWhole ? "integer" : "number");
        if (number.Min is { } min)
        {
            schema["minimum"] = min;
        }

        if (number.Max is { } max)
        {
            schema["maximum"] = max;
        }

        return schema;
    }

    // Apart from the mappings that are called so.
    private static string NameOf(NameRule rule) => rule == NameRule.Event ? "event-name" : rule.ToString().ToLowerInvariant();

    private static JsonObject Name(NameRule rule)
    {
        var schema = rule switch
        {
            NameRule.Identifier => Pattern("^[A-Za-z_][A-Za-z0-9_]*$"),
            NameRule.Id => Pattern("^[A-Za-z0-9_-]+$"),
            NameRule.Event => Pattern(@"^\S(.*\S)?$"),
            _ => Pattern("^[A-Za-z0-9_$ -]+$"),
        };
        schema["maxLength"] = rule == NameRule.Event ? Limits.EventNameCharsMax : Limits.NameCharsMax;
        return schema;
    }

    private static JsonObject Events(JsonObject definitions) => new()
    {
        ["anyOf"] = new JsonArray(
            Of(Take.Event, definitions),
            new JsonObject { ["type"] = "array", ["items"] = Of(Take.Event, definitions), ["minItems"] = 1, ["maxItems"] = Limits.EventsPerFeatureMax }),
        ["examples"] = new JsonArray("Page Viewed", "any"),
    };

    private static JsonObject Expression(string description, string example)
    {
        // YAML reads `true` and `40` as what they are; they are expressions all the same.
        var schema = Typed("string", "boolean", "number");
        schema["minLength"] = 1;
        schema["maxLength"] = Limits.ExpressionCharsMax;
        schema["description"] = description;
        schema["examples"] = new JsonArray(example);
        return schema;
    }

    private static JsonObject Pattern(string pattern, params ReadOnlySpan<string> examples)
    {
        var schema = Typed("string");
        schema["pattern"] = pattern;
        if (!examples.IsEmpty)
        {
            schema["examples"] = Strings([.. examples]);
        }

        return schema;
    }

    private static JsonObject Typed(params string[] types) =>
        new() { ["type"] = types.Length == 1 ? types[0] : Strings(types) };

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    /// <summary><c>a context weight</c> becomes <c>context-weight</c>.</summary>
    private static string Slug(string what)
    {
        var words = what.Split(' ');
        return string.Join('-', words.SkipWhile(word => word is "a" or "an" or "the")).Replace("'", "", StringComparison.Ordinal);
    }
}
