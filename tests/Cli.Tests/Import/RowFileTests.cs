using System.Text;
using Decisioning.Cli.Import;
using Decisioning.Cli.Tests.Support;

namespace Decisioning.Cli.Tests.Import;

public sealed class RowFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain", "id,name\n1,a\n2,b\n", "2: 1|a; 3: 2|b")]
    [InlineData("lines ended by CRLF", "id,name\r\n1,a\r\n2,b\r\n", "2: 1|a; 3: 2|b")]
    [InlineData("no end of the last line", "id,name\n1,a", "2: 1|a")]
    [InlineData("a comma, a quote and a line's end in quotes", "id,name\n1,\"a,b\"\n2,\"say \"\"x\"\"\"\n3,\"two\nlines\"\n4,d\n", "2: 1|a,b; 3: 2|say \"x\"; 4: 3|two\nlines; 6: 4|d")]
    [InlineData("empty values", "id,name\n,\n1,\n", "2: |; 3: 1|")]
    [InlineData("a mark of the byte order", "\uFEFFid,name\n1,ü\n", "2: 1|ü")]
    [InlineData("a header only", "id,name\n", "")]
    public void Csv_rows_come_with_the_line_they_begin_on(string name, string text, string expected)
    {
        var (columns, rows, errors) = Read("csv", Encoding.UTF8.GetBytes(text));
        Assert.Equal(["id", "name"], columns);
        Assert.Equal(expected, rows);
        Assert.True(errors.Length == 0, name + errors);
    }

    [Theory]
    [InlineData("too few values", "id,name\n1,a\n2\n3,c\n", "2: 1|a; 3: gap; 4: 3|c", "3: has 1 values for 2 columns; quote values that hold a comma")]
    [InlineData("too many values", "id,name\n1,a,b\n3,c\n", "2: gap; 3: 3|c", "2: has 3 values for 2 columns; quote values that hold a comma")]
    public void A_csv_row_that_cannot_be_read_is_reported_and_leaves_a_gap(string name, string text, string expected, string reported)
    {
        var (_, rows, errors) = Read("csv", Encoding.UTF8.GetBytes(text));
        Assert.True(expected == rows && reported == errors, $"{name}: {rows} / {errors}");
    }

    [Fact]
    public void A_quote_never_closed_is_reported_with_its_line()
    {
        var (_, rows, errors) = Read("csv", Encoding.UTF8.GetBytes("id,name\n1,a\n2,\"b\n3,c\n"));
        Assert.StartsWith("2: 1|a", rows, StringComparison.Ordinal);
        Assert.StartsWith("3: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_never_closed_in_a_long_file_swallows_no_more_than_a_record_may_have()
    {
        var text = "id,name\n1,a\n2,\"b\n" + string.Concat(Enumerable.Range(3, 100_000).Select(i => $"{i},some more text\n"));
        var read = new List<string>();
        var damage = Record.Exception(() => read.Add(Read("csv", Encoding.UTF8.GetBytes(text)) is var (_, rows, errors) ? rows[..6] + errors : ""));
        Assert.True(damage is null or InvalidDataException, damage?.ToString());
        Assert.True(damage is InvalidDataException || read[0].Contains("3: ", StringComparison.Ordinal), read.FirstOrDefault());
    }

    [Fact]
    public void A_file_without_a_header_is_refused() =>
        Assert.Equal("the file is empty; it needs a header line", Assert.Throws<InvalidDataException>(() => Read("csv", [])).Message);

    [Fact]
    public void A_header_that_names_a_column_twice_is_refused() =>
        Assert.Contains("`a`", Assert.Throws<InvalidDataException>(() => Read("csv", "a,b,a\n1,2,3\n"u8.ToArray())).Message, StringComparison.Ordinal);

    [Fact]
    public void Json_lines_give_the_columns_of_all_keys_and_bad_lines_are_reported()
    {
        var (columns, rows, errors) = Read("jsonl", Encoding.UTF8.GetBytes("""
            {"id": 1, "name": "a"}

            {"id": 2,
            [3]
            {"id": 4, "tags": ["x"], "name": null}
            """));
        Assert.Equal(["id", "name", "tags"], columns);
        Assert.Equal("1: 1|a|; 3: gap; 4: gap; 5: 4||[\"x\"]", rows);
        Assert.StartsWith("3: is not JSON", errors, StringComparison.Ordinal);
        Assert.Contains("4: is not an object; each line is one JSON object", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_is_known_by_its_contents() => Assert.Equal("2: 1|a", Read("csv", TempFolder.Gzip("id,name\n1,a\n")).Rows);

    [Theory]
    [InlineData("cut off in the middle", 0.5, false)]
    [InlineData("cut off at the very end", 0.999, false)]
    [InlineData("one byte changed in the middle", 0.5, true)]
    public void Rows_before_a_damage_of_the_gzip_are_read_and_the_damage_is_said(string name, double share, bool change)
    {
        var random = new Random(7);
        var lines = Enumerable.Range(1, 20_000).Select(i => $"{i},{random.NextInt64():x}").ToList();
        var bytes = TempFolder.Gzip("id,name\n" + string.Join('\n', lines) + "\n");
        var at = (int)(bytes.Length * share);
        bytes = change ? [.. bytes[..at], (byte)(bytes[at] ^ 0x55), .. bytes[(at + 1)..]] : bytes[..at];

        using var file = RowFile.Open(_folder.Write("rows.csv.gz", bytes), "csv");
        var read = new List<string>();
        Assert.ThrowsAny<InvalidDataException>(() =>
        {
            foreach (var row in file.Rows((_, _) => { }))
            {
                read.Add(string.Join(',', row.Values));
            }
        });
        Assert.True(read.Count > 1000, $"{name}: {read.Count} rows");
        Assert.Equal(lines.Take(1000), read.Take(1000));
    }

    private (IEnumerable<string> Columns, string Rows, string Errors) Read(string format, byte[] bytes)
    {
        using var file = RowFile.Open(_folder.Write("rows", bytes), format);
        var errors = new List<string>();
        var rows = file.Rows((line, message) => errors.Add($"{line}: {message}")).Select(row => $"{row.Line}: {(row.IsGap ? "gap" : string.Join('|', row.Values))}").ToList();
        return (file.Columns, string.Join("; ", rows), string.Join("; ", errors));
    }
}
