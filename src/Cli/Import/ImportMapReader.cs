using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Decisioning.Cli.Import;

/// <summary>Reads a mapping from YAML and checks it against the columns of a file: all mistakes at once, each with its place.</summary>
internal sealed class ImportMapReader
{
    private static readonly string[] Keys =
        ["import", "format", "customer", "time", "message_id", "group_by", "events", "properties", "products", "context"];

    private static readonly string[] Sources = ["column", "first", "last", "value", "sum"];

    private readonly ImmutableArray<string> _columns;
    private readonly ExpressionSchema<ImportRow> _schema;
    private readonly List<MapError> _errors = [];

    private ImportMapReader(ImmutableArray<string> columns)
    {
        _columns = columns;
        var builder = new ExpressionSchemaBuilder<ImportRow>().Namespace("row", "name a column of the file");
        for (var i = 0; i < columns.Length; i++)
        {
            var index = i;
            builder.Variable("row." + columns[i], CelType.String, row => row.Values[index]);
        }

        _schema = builder.Build();
    }

    /// <summary>Which format a mapping says the file has: <c>csv</c> (the default) or <c>jsonl</c>.</summary>
    public static string FormatOf(string yaml)
    {
        try
        {
            return Root(yaml)?.Children.TryGetValue("format", out var format) == true && format is YamlScalarNode { Value: { } name } ? name : "csv";
        }
        catch (YamlException)
        {
            return "csv";
        }
    }

    public static (ImportMap? Map, ImmutableArray<MapError> Errors) Read(string yaml, ImmutableArray<string> columns)
    {
        var reader = new ImportMapReader(columns);
        try
        {
            var root = Root(yaml);
            var map = root is null ? null : reader.ReadRoot(root);
            if (root is null)
            {
                reader._errors.Add(new(1, 1, "the mapping is empty or no map; it needs `customer`, `time` and `events`"));
            }

            return reader._errors.Count == 0 ? (map, []) : (null, [.. reader._errors.OrderBy(e => e.Line).ThenBy(e => e.Column)]);
        }
        catch (YamlException e)
        {
            return (null, [new(e.Start.Line, e.Start.Column, $"this is not YAML: {e.Message}")]);
        }
    }

    private static YamlMappingNode? Root(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode as YamlMappingNode;
    }

    private ImportMap ReadRoot(YamlMappingNode root)
    {
        CheckKeys(root, Keys);
        if (Find(root, "format") is { } format && format is not YamlScalarNode { Value: "csv" or "jsonl" })
        {
            Error(format, $"`{format}` is not a format; write `csv` or `jsonl`");
        }

        var (user, anonymous) = ReadCustomer(root);
        var (time, ofLast) = ReadTime(root);
        return new ImportMap(
            user,
            anonymous,
            ReadColumns(root, "message_id"),
            ReadColumns(root, "group_by"),
            time ?? new TimeColumn(0, new TimeFormat.Iso()),
            ofLast,
            ReadEvents(root),
            ReadProperties(root, "properties"),
            ReadProperties(root, "products"),
            ReadProperties(root, "context"));
    }

    private (int? User, int? Anonymous) ReadCustomer(YamlMappingNode root)
    {
        if (Find(root, "customer") is not YamlMappingNode customer)
        {
            Error(root, "`customer` is missing; write `customer: { user_id: COLUMN, anonymous_id: COLUMN }`, one of the two is enough");
            return default;
        }

        CheckKeys(customer, ["user_id", "anonymous_id"]);
        var user = Find(customer, "user_id") is { } u ? Column(u) : null;
        var anonymous = Find(customer, "anonymous_id") is { } a ? Column(a) : null;
        if (customer.Children.Count == 0)
        {
            Error(customer, "`customer` names no column; write `user_id: COLUMN` or `anonymous_id: COLUMN`");
        }

        return (user, anonymous);
    }

    private (TimeColumn? Time, bool OfLast) ReadTime(YamlMappingNode root)
    {
        if (Find(root, "time") is not YamlMappingNode time)
        {
            Error(root, "`time` is missing; write `time: { column: COLUMN, format: \"yyyy-MM-dd HH:mm:ss\", zone: Europe/London }`");
            return default;
        }

        CheckKeys(time, ["column", "format", "zone", "of"]);
        var column = Find(time, "column") is { } c ? Column(c) : null;
        if (Find(time, "column") is null)
        {
            Error(time, "`time` names no column; write `column: COLUMN`");
        }

        var of = Text(time, "of") ?? "first";
        if (of is not ("first" or "last"))
        {
            Error(Find(time, "of")!, $"`{of}` is not a row of a group; write `first` or `last`");
        }

        var format = ReadFormat(time);
        return (column is { } index && format is not null ? new TimeColumn(index, format) : null, of == "last");
    }

    private TimeFormat? ReadFormat(YamlMappingNode time)
    {
        var format = Text(time, "format") ?? "iso8601";
        switch (format)
        {
            case "iso8601":
                return new TimeFormat.Iso();
            case "unix_s" or "unix_ms":
                return new TimeFormat.Unix(format == "unix_ms");
        }

        var zoneName = Text(time, "zone");
        if (zoneName is null || DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneName) is not { } zone)
        {
            Error(Find(time, "zone") ?? time, $"`{zoneName}` is not a time zone; write one of the tz database, e.g. `zone: Europe/London`");
            return null;
        }

        try
        {
            return new TimeFormat.Local(LocalDateTimePattern.CreateWithInvariantCulture(format), zone);
        }
        catch (InvalidPatternException e)
        {
            Error(Find(time, "format")!, $"`{format}` is not a pattern for a time: {e.Message}; write e.g. `\"yyyy-MM-dd HH:mm:ss\"`, `iso8601`, `unix_s` or `unix_ms`");
            return null;
        }
    }

    private ImmutableArray<EventCase> ReadEvents(YamlMappingNode root)
    {
        if (Find(root, "events") is not YamlSequenceNode { Children.Count: > 0 } events)
        {
            Error(Find(root, "events") ?? root, "`events` is missing; write a list such as `- { name: Order Completed }`");
            return [];
        }

        var cases = ImmutableArray.CreateBuilder<EventCase>();
        foreach (var node in events)
        {
            if (node is not YamlMappingNode entry || Text(entry, "name") is not { Length: > 0 } name)
            {
                Error(node, "an event has no name; write `- { name: Order Completed, when: … }`");
                continue;
            }

            CheckKeys(entry, ["name", "when"]);
            cases.Add(new(name, Find(entry, "when") is { } when ? Compile(when, CelType.Bool) : null));
        }

        return cases.ToImmutable();
    }

    private ImmutableArray<MappedProperty> ReadProperties(YamlMappingNode root, string key)
    {
        if (Find(root, key) is not { } node)
        {
            return [];
        }

        if (node is not YamlMappingNode entries)
        {
            Error(node, $"`{key}` is not a map; write `name: COLUMN` lines under it");
            return [];
        }

        var properties = ImmutableArray.CreateBuilder<MappedProperty>();
        foreach (var (name, value) in entries.Children)
        {
            if (name is not YamlScalarNode { Value: { Length: > 0 } property })
            {
                Error(name, "this is not a property's name; write `name: COLUMN`");
            }
            else if (Source(value) is { } source)
            {
                properties.Add(new(property, source));
            }
        }

        return properties.ToImmutable();
    }

    private PropertySource? Source(YamlNode node)
    {
        if (node is YamlScalarNode)
        {
            return Column(node) is { } plain ? new PropertySource.Column(plain, ColumnType.String, OfLast: false) : null;
        }

        if (node is not YamlMappingNode entry)
        {
            Error(node, "write a column's name, `{ column: COLUMN, type: int }`, `{ value: EXPRESSION }` or `{ sum: EXPRESSION }`");
            return null;
        }

        CheckKeys(entry, [.. Sources, "type"]);
        if (Sources.Count(key => Find(entry, key) is not null) > 1)
        {
            Error(entry, "it has several sources; write one of `column`, `first`, `last`, `value` and `sum`");
        }

        if (Find(entry, "sum") is { } sum)
        {
            return Compile(sum, CelType.Dyn) is { } total ? new PropertySource.Sum(total) : null;
        }

        if (Find(entry, "value") is { } value)
        {
            return Compile(value, CelType.Dyn) is { } expression ? new PropertySource.Value(expression) : null;
        }

        var type = Text(entry, "type") ?? "string";
        if (!Enum.TryParse<ColumnType>(type, ignoreCase: true, out var columnType))
        {
            Error(Find(entry, "type")!, $"`{type}` is not a type; write `string`, `int`, `double`, `bool` or `time`");
        }

        if ((Find(entry, "column") ?? Find(entry, "first") ?? Find(entry, "last")) is not { } column)
        {
            Error(entry, "it names no column; write `column: COLUMN`");
            return null;
        }

        return Column(column) is { } index ? new PropertySource.Column(index, columnType, Find(entry, "last") is not null) : null;
    }

    private CompiledExpression<ImportRow>? Compile(YamlNode node, CelType type)
    {
        if (node is not YamlScalarNode { Value: { } text })
        {
            Error(node, "this is not an expression; put it into quotes if it holds a colon, comma or brace");
            return null;
        }

        var compiled = ExpressionCompiler.Compile(text, _schema, type);
        var offset = ((YamlScalarNode)node).Style is ScalarStyle.Plain ? -1 : 0;
        foreach (var error in compiled.Errors)
        {
            _errors.Add(new(node.Start.Line + error.Line - 1, (error.Line == 1 ? node.Start.Column + offset : 0) + error.Column, error.Message));
        }

        return compiled.Expression;
    }

    private ImmutableArray<int> ReadColumns(YamlMappingNode root, string key) => Find(root, key) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Select(Column).Where(c => c is not null).Select(c => c!.Value)],
        var node => Column(node) is { } single ? [single] : [],
    };

    private int? Column(YamlNode node)
    {
        if (node is not YamlScalarNode { Value: { } name })
        {
            Error(node, "this is not a column's name");
            return null;
        }

        if (_columns.IndexOf(name) is >= 0 and var index)
        {
            return index;
        }

        Error(node, $"`{name}` is not a column of the file; it has {string.Join(", ", _columns.Take(30).Select(c => $"`{c}`"))}");
        return null;
    }

    private void CheckKeys(YamlMappingNode node, string[] known)
    {
        foreach (var key in node.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } name } || !known.Contains(name))
            {
                Error(key, $"`{key}` is not known here; write one of {string.Join(", ", known.Select(k => $"`{k}`"))}");
            }
        }
    }

    private static YamlNode? Find(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var found) ? found : null;

    private static string? Text(YamlMappingNode node, string key) => (Find(node, key) as YamlScalarNode)?.Value;

    private void Error(YamlNode node, string message) => _errors.Add(new(node.Start.Line, node.Start.Column, message));
}
