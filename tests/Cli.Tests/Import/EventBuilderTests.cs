using Decisioning.Cli.Import;
using Decisioning.V1;

namespace Decisioning.Cli.Tests.Import;

public sealed class EventBuilderTests
{
    private readonly List<string> _reports = [];

    [Fact]
    public void Neighbouring_rows_with_the_same_key_are_one_event()
    {
        var events = Build(
            "group_by: order\nmessage_id: order\nproperties: { units: { sum: int(row.value) }, last: { last: value }, first: { first: value } }\nproducts: { n: { column: value, type: int } }",
            "o1,1", "o1,2", "o2,3", "o1,4");
        Assert.Equal(["o1 3 1 2 n=1,2", "o2 3 3 3 n=3", "o1 4 4 4 n=4"], events.Select(e =>
            $"{e.MessageId} {e.Properties.Fields["units"].NumberValue} {e.Properties.Fields["first"].StringValue} {e.Properties.Fields["last"].StringValue} n={string.Join(',', e.Properties.Fields["products"].ListValue.Values.Select(v => v.StructValue.Fields["n"].NumberValue))}"));
    }

    [Fact]
    public void A_group_next_to_a_row_that_could_not_be_read_is_left_out()
    {
        var map = Map("group_by: order");
        var builder = new EventBuilder(map, Report);
        var groups = builder.Groups([Row(2, "o1,1"), Row(3, "o2,1"), ImportRow.Gap(4), ImportRow.Gap(5), Row(6, "o2,2"), Row(7, "o2,3"), Row(8, "o3,1"), ImportRow.Gap(9)]);
        Assert.Equal(["o1"], groups.Select(group => group[0].Values[0]));
        Assert.Equal(["3", "6", "8"], _reports.Select(report => report.Split(':')[0]));
        Assert.Equal(5, builder.Rows);
    }

    [Fact]
    public void Rows_that_are_events_by_themselves_go_on_after_a_gap() =>
        Assert.Equal(2, new EventBuilder(Map(""), Report).Groups([Row(2, "o1,1"), ImportRow.Gap(3), Row(4, "o1,2")]).Count());

    [Fact]
    public void A_group_without_an_end_is_a_damage_and_one_at_the_limit_is_not()
    {
        var builder = new EventBuilder(Map("group_by: order"), Report);
        var rows = Enumerable.Range(0, EventBuilder.GroupRowsMax).Select(i => Row(i, "o1,1")).ToList();
        Assert.Equal(2, builder.Groups([.. rows, Row(9, "o2,1")]).Count());
        Assert.Throws<InvalidDataException>(() => builder.Groups([.. rows, Row(9, "o1,1")]).Count());
    }

    [Theory]
    [InlineData("summer time", "2011-07-01 12:00:00", "2011-07-01T11:00:00Z")]
    [InlineData("winter time", "2011-12-01 12:00:00", "2011-12-01T12:00:00Z")]
    [InlineData("a time that was skipped moves on by the gap", "2011-03-27 01:30:00", "2011-03-27T01:30:00Z")]
    [InlineData("a time that came twice is the earlier", "2011-10-30 01:30:00", "2011-10-30T00:30:00Z")]
    [InlineData("before there were zones", "1840-01-01 00:00:00", "1840-01-01T00:01:15Z")]
    [InlineData("the last day there is", "9999-12-31 23:59:59", null)]
    [InlineData("no such day", "2011-02-30 00:00:00", null)]
    [InlineData("another form", "2011-07-01T12:00:00Z", null)]
    [InlineData("nothing", "", null)]
    public void A_local_time_is_read_by_the_clocks_of_its_zone(string name, string text, string? expected) =>
        Time("format: \"yyyy-MM-dd HH:mm:ss\", zone: Europe/London", name, text, expected);

    [Theory]
    [InlineData("with an offset", "iso8601", "2011-07-01T12:00:00+02:00", "2011-07-01T10:00:00Z")]
    [InlineData("in UTC", "iso8601", "2011-07-01T12:00:00.123456Z", "2011-07-01T12:00:00.123456Z")]
    [InlineData("without an offset", "iso8601", "2011-07-01T12:00:00", null)]
    [InlineData("at the end of the calendar", "iso8601", "9999-12-31T23:59:59-12:00", null)]
    [InlineData("seconds", "unix_s", "1309521600.5", "2011-07-01T12:00:00.500Z")]
    [InlineData("milliseconds", "unix_ms", "1309521600123", "2011-07-01T12:00:00.123Z")]
    [InlineData("before 1970", "unix_s", "-1", "1969-12-31T23:59:59Z")]
    [InlineData("too long ago", "unix_s", "-99999999999999", null)]
    [InlineData("too far ahead", "unix_s", "253402300799", null)]
    [InlineData("no number", "unix_s", "NaN", null)]
    public void An_instant_is_read_in_its_form(string name, string format, string text, string? expected) => Time($"format: {format}", name, text, expected);

    [Theory]
    [InlineData("string", "a b", "\"a b\"")]
    [InlineData("string", "", "")]
    [InlineData("int", "-12", "-12")]
    [InlineData("int", "", "")]
    [InlineData("int", "1.5", null)]
    [InlineData("int", "1,000", null)]
    [InlineData("int", "99999999999999999999", null)]
    [InlineData("double", "1.5e3", "1500")]
    [InlineData("double", "1,5", null)]
    [InlineData("double", "NaN", null)]
    [InlineData("bool", "YES", "true")]
    [InlineData("bool", "0", "false")]
    [InlineData("bool", "maybe", null)]
    [InlineData("time", "2011-07-01T12:00:00+02:00", "\"2011-07-01T10:00:00Z\"")]
    [InlineData("time", "yesterday", null)]
    public void A_column_is_read_as_its_type(string type, string text, string? expected)
    {
        var events = Build($"properties: {{ p: {{ column: value, type: {type} }} }}", $"o1,{text.Replace(",", "\u0001", StringComparison.Ordinal)}");
        Assert.Equal(expected, events.SingleOrDefault() is { } e ? e.Properties.Fields.TryGetValue("p", out var value) ? value.ToString() : "" : null);
        Assert.Equal(expected is null ? 1 : 0, _reports.Count);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(19.99)]
    [InlineData(1234.56)]
    public void A_sum_of_money_is_exact_over_a_thousand_rows(double price)
    {
        var cents = (long)Math.Round(price * 100);
        var e = Build("group_by: order\nproperties: { total: { sum: double(row.value) } }", [.. Enumerable.Repeat(FormattableString.Invariant($"o1,{price}"), 1000)]).Single();
        Assert.Equal(cents * 1000 / 100.0, e.Properties.Fields["total"].NumberValue);
    }

    [Theory]
    [InlineData("sum", "{ sum: int(row.value) }")]
    [InlineData("value", "{ value: int(row.value) }")]
    public void A_row_an_expression_fails_on_is_reported_and_its_event_left_out(string name, string source)
    {
        var events = Build($"properties: {{ p: {source} }}", "o1,1", "o2,x", "o3,3");
        Assert.Equal(["o1", "o3"], events.Select(e => e.UserId));
        Assert.StartsWith("3: `p` ", Assert.Single(_reports), StringComparison.Ordinal);
        Assert.NotEmpty(name);
    }

    [Fact]
    public void The_first_event_whose_condition_holds_names_it()
    {
        var events = Build("events: [ { name: Big, when: int(row.value) > 9 }, { name: Small, when: int(row.value) > 0 } ]", "o1,10", "o2,1", "o3,0", "o4,x");
        Assert.Equal(["o1 Big", "o2 Small"], events.Select(e => $"{e.UserId} {e.Event_}"));
        Assert.All(_reports, report => Assert.Contains("no event of the mapping applies", report, StringComparison.Ordinal));
    }

    [Fact]
    public void A_customer_comes_before_a_visitor_and_one_of_them_is_needed()
    {
        var map = "customer: { user_id: order, anonymous_id: value }";
        Assert.Equal(["u=o1 a=", "u= a=v2"], Build(map, "o1,v1", ",v2", ",").Select(e => $"u={e.UserId} a={e.AnonymousId}"));
        Assert.Contains("names no customer", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_id_is_the_same_in_every_import_and_another_for_another_row()
    {
        var (first, again) = (Build("", "o1,1", "o1,2", "o2,1"), Build("", "o1,1", "o1,2", "o2,1"));
        Assert.Equal(first.Select(e => e.MessageId), again.Select(e => e.MessageId));
        Assert.Equal(3, first.Select(e => e.MessageId).Distinct().Count());
        Assert.Equal("o1-1", Build("message_id: [order, value]", "o1,1").Single().MessageId);
    }

    [Fact]
    public void An_event_far_larger_than_any_may_be_is_reported_and_left_out()
    {
        var rows = Enumerable.Repeat("o1," + new string('x', 1000), 6000).Append("o2,1").ToArray();
        Assert.Equal(["o2"], Build("group_by: order\nproducts: { p: value }", rows).Select(e => e.UserId));
        Assert.Contains("an event has at most 256 KB", Assert.Single(_reports), StringComparison.Ordinal);
    }

    private void Time(string form, string name, string text, string? expected)
    {
        var map = Map($"time: {{ column: value, {form} }}");
        var e = new EventBuilder(map, Report).Build([Row(2, "o1," + text)]);
        Assert.True(expected == e?.Timestamp.ToString().Trim('"'), $"{name}: {e?.Timestamp}");
        Assert.Equal(expected is null ? 1 : 0, _reports.Count);
    }

    private List<Event> Build(string extra, params string[] rows)
    {
        var builder = new EventBuilder(Map(extra), Report);
        return [.. builder.Groups(rows.Select((row, i) => Row(i + 2, row))).Select(builder.Build).OfType<Event>()];
    }

    private void Report(long line, string message) => _reports.Add($"{line}: {message}");

    private static ImportRow Row(long line, string text) => new(line, [.. text.Split(',').Select(value => value.Replace('\u0001', ',')), "2026-01-01T00:00:00Z"]);

    private static ImportMap Map(string extra)
    {
        var yaml = extra
            + (extra.Contains("customer:", StringComparison.Ordinal) ? "" : "\ncustomer: { user_id: order }")
            + (extra.Contains("time: {", StringComparison.Ordinal) ? "" : "\ntime: { column: at }")
            + (extra.Contains("events:", StringComparison.Ordinal) ? "" : "\nevents: [ { name: Seen } ]");
        var (map, errors) = ImportMapReader.Read(yaml.TrimStart(), ["order", "value", "at"]);
        Assert.True(errors.IsEmpty, string.Join('\n', errors));
        return map!;
    }
}
