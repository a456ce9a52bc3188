using System.Collections.Immutable;
using Decisioning.Cli.Import;

namespace Decisioning.Cli.Tests.Import;

public sealed class ImportMapReaderTests
{
    private const string Good = """
        format: csv
        customer: { user_id: Customer, anonymous_id: Order }
        time: { column: At, format: "yyyy-MM-dd HH:mm:ss", zone: Europe/London, of: last }
        group_by: Order
        message_id: [Order, Line]
        events:
          - { name: Order Cancelled, when: 'row.Order.startsWith("C")' }
          - { name: Order Completed }
        properties:
          country: Country
          units:   { sum: int(row.Quantity) }
          first:   { first: At, type: time }
        products:
          price: { column: Price, type: double }
        context:
          channel: { value: '"web"' }
        """;

    private static readonly ImmutableArray<string> Columns = ["Customer", "Order", "Line", "At", "Country", "Quantity", "Price", "a b"];

    private static readonly (string Case, string From, string To, string Error)[] Mistakes =
    [
        ("an unknown key", "format: csv", "formt: csv", "1:1: `formt` is not known here; write one of `import`, `format`, `customer`, `time`, `message_id`, `group_by`, `events`, `properties`, `products`, `context`"),
        ("an unknown format", "format: csv", "format: xml", "1:9: `xml` is not a format; write `csv` or `jsonl`"),
        ("no customer", "customer: { user_id: Customer, anonymous_id: Order }\n", "", "1:1: `customer` is missing; write `customer: { user_id: COLUMN, anonymous_id: COLUMN }`, one of the two is enough"),
        ("an empty customer", "{ user_id: Customer, anonymous_id: Order }", "{}", "2:11: `customer` names no column; write `user_id: COLUMN` or `anonymous_id: COLUMN`"),
        ("a missing column", "user_id: Customer", "user_id: Custmer", "2:22: `Custmer` is not a column of the file; it has `Customer`, `Order`, `Line`, `At`, `Country`, `Quantity`, `Price`, `a b`"),
        ("a zone that is none", "Europe/London", "Europe/Nowhere", "3:58: `Europe/Nowhere` is not a time zone; write one of the tz database, e.g. `zone: Europe/London`"),
        ("a row that is none", "of: last", "of: middle", "3:77: `middle` is not a row of a group; write `first` or `last`"),
        ("time without a column", "column: At, ", "", "3:7: `time` names no column; write `column: COLUMN`"),
        ("a group by what is not there", "group_by: Order", "group_by: [Order, Nope]", "4:19: `Nope` is not a column of the file; it has `Customer`, `Order`, `Line`, `At`, `Country`, `Quantity`, `Price`, `a b`"),
        ("an event without a name", "{ name: Order Completed }", "{ nam: Order Completed }", "8:5: an event has no name; write `- { name: Order Completed, when: … }`"),
        ("a type that is none", "type: double", "type: money", "14:33: `money` is not a type; write `string`, `int`, `double`, `bool` or `time`"),
        ("two sources", "{ sum: int(row.Quantity) }", "{ sum: int(row.Quantity), column: Quantity }", "11:12: it has several sources; write one of `column`, `first`, `last`, `value` and `sum`"),
        ("no source", "{ sum: int(row.Quantity) }", "{ type: int }", "11:12: it names no column; write `column: COLUMN`"),
        ("properties that are a list", "properties:\n  country: Country\n  units:   { sum: int(row.Quantity) }\n  first:   { first: At, type: time }", "properties: [a]", "9:13: `properties` is not a map; write `name: COLUMN` lines under it"),
        ("a property's name that is none", "  country: Country", "  [a]: Country", "10:3: this is not a property's name; write `name: COLUMN`"),
    ];

    public static TheoryData<string> MistakeCases => [.. Mistakes.Select(mistake => mistake.Case)];

    [Fact]
    public void A_mapping_without_a_mistake_is_read()
    {
        var (map, errors) = ImportMapReader.Read(Good, Columns);
        Assert.Empty(errors);
        Assert.Equal((0, 1, true, 2, 3, 1, 1), (map!.UserId, map.AnonymousId, map.TimeOfLast, map.Events.Length, map.Properties.Length, map.Products.Length, map.Context.Length));
        Assert.Equal([1, 2], map.MessageId);
        Assert.Equal([1], map.GroupBy);
    }

    [Theory, MemberData(nameof(MistakeCases))]
    public void A_mistake_is_told_with_its_line_column_and_cure(string name)
    {
        var (_, from, to, expected) = Mistakes.Single(mistake => mistake.Case == name);
        var text = Good.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Good, text);
        var (map, errors) = ImportMapReader.Read(text, Columns);
        Assert.Null(map);
        Assert.Equal(expected, string.Join('\n', errors.Select(error => error.ToString())));
    }

    [Theory]
    [InlineData("int(row.Quantity)", "int(row.Quanity)", "11:", "did you mean `Quantity`?")]
    [InlineData("int(row.Quantity)", "int(row.Quantity", "11:", "")]
    [InlineData("'row.Order.startsWith(\"C\")'", "'row.Order'", "7:", "bool")]
    public void A_mistake_in_an_expression_is_told_at_its_place(string from, string to, string place, string words)
    {
        var (_, errors) = ImportMapReader.Read(Good.Replace(from, to, StringComparison.Ordinal), Columns);
        var error = Assert.Single(errors).ToString();
        Assert.StartsWith(place, error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expressions_column_points_at_the_name()
    {
        var (_, errors) = ImportMapReader.Read(Good.Replace("int(row.Quantity)", "int(row.Quanity)", StringComparison.Ordinal), Columns);
        var line = Good.Split('\n')[10];
        Assert.Equal((11, line.IndexOf("Quantity", StringComparison.Ordinal) + 1), ((int)errors[0].Line, (int)errors[0].Column));
    }

    [Fact]
    public void Ten_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        var (map, errors) = ImportMapReader.Read(
            """
            formt: csv
            customer: { user_id: Nope1, anonymous_id: Nope2 }
            time: { column: Nope3, format: "yyyy-MM-dd", zone: Nope4, of: nope5 }
            group_by: Nope6
            events:
              - { nam: x }
            properties:
              a: { column: Nope8, type: nope9 }
              b: { sum: row.Nope10 }
            """,
            Columns);
        Assert.Null(map);
        Assert.Equal(10 + 1, errors.Length);
        Assert.Equal(errors.OrderBy(e => e.Line).ThenBy(e => e.Column), errors);
    }

    [Theory]
    [InlineData("", "1:1: the mapping is empty or no map; it needs `customer`, `time` and `events`")]
    [InlineData("- a\n", "1:1: the mapping is empty or no map; it needs `customer`, `time` and `events`")]
    [InlineData("a: [", "this is not YAML")]
    [InlineData("a: 1\na: 2\n", "this is not YAML")]
    public void What_is_no_mapping_is_told_so(string yaml, string expected)
    {
        Assert.Equal("csv", ImportMapReader.FormatOf(yaml));
        Assert.Contains(expected, Assert.Single(ImportMapReader.Read(yaml, Columns).Errors).ToString(), StringComparison.Ordinal);
    }
}
