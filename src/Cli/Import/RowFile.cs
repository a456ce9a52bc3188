using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Decisioning.Cli.Commands;

namespace Decisioning.Cli.Import;

/// <summary>A CSV or JSONL file, plain or gzip, read row by row; memory does not grow with its length.</summary>
internal sealed class RowFile : IDisposable
{
    /// <summary>Lines of a JSONL file that are looked at to find its columns.</summary>
    private const int LinesLookedAt = 1000;

    /// <summary>Bytes of one CSV record; a quote never closed would otherwise swallow the rest of the file.</summary>
    private const int RecordBytesMax = 1024 * 1024;

    private readonly FileStream _file;
    private readonly Stream _content;
    private readonly string _format;
    private readonly string _path;

    private RowFile(string path, string format)
    {
        _path = path;
        _format = format;
        _file = File.OpenRead(path);
        _content = InputFile.Unpacked(_file);
    }

    /// <summary>The file's columns: the header of a CSV, the keys of a JSONL's first lines.</summary>
    public ImmutableArray<string> Columns { get; private set; } = [];

    /// <summary>How much of the file was read, 0 to 1.</summary>
    public double Progress => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    public static RowFile Open(string path, string format)
    {
        var columns = ColumnsOf(path, format);
        return new(path, format) { Columns = columns };
    }

    /// <summary>The rows. One that cannot be read is reported, and comes as a gap.</summary>
    /// <exception cref="InvalidDataException">The file is damaged: what was read before stands.</exception>
    public IEnumerable<ImportRow> Rows(Action<long, string> report) => _format == "jsonl" ? JsonRows(report) : CsvRows(report);

    public void Dispose()
    {
        _content.Dispose();
        _file.Dispose();
    }

    private static ImmutableArray<string> ColumnsOf(string path, string format)
    {
        using var file = File.OpenRead(path);
        using var content = InputFile.Unpacked(file);
        if (format != "jsonl")
        {
            using var csv = CsvReader.Create(content, Csv(_ => { }), leaveOpen: true);
            Read(() =>
            {
                csv.ReadHeader();
                return true;
            });
            if (csv.Headers is not { Count: > 0 } headers)
            {
                throw new InvalidDataException("the file is empty; it needs a header line");
            }

            return headers.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new InvalidDataException($"the header names `{twice.Key}` {twice.Count()} times; give every column a name of its own")
                : [.. headers];
        }

        var columns = new SortedSet<string>(StringComparer.Ordinal);
        using var lines = new StreamReader(content, Encoding.UTF8);
        for (var i = 0; i < LinesLookedAt && lines.ReadLine() is { } line; i++)
        {
            if (TryObject(line, out var document, out _))
            {
                using (document)
                {
                    columns.UnionWith(document!.RootElement.EnumerateObject().Select(p => p.Name));
                }
            }
        }

        return [.. columns];
    }

    private static CsvReaderOptions Csv(Action<CsvMalformedRecord> malformed) => new()
    {
        Separator = ',',
        HasHeader = true,
        TrackLineNumbers = true,
        MaxRecordSize = RecordBytesMax,
        MalformedData = CsvMalformedDataHandling.Skip,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
        OnMalformedRecord = malformed,
    };

    private IEnumerable<ImportRow> CsvRows(Action<long, string> report)
    {
        var malformed = 0L;
        using var csv = CsvReader.Create(_content, Csv(Malformed), leaveOpen: true);
        while (Next(csv))
        {
            if (malformed > 0)
            {
                yield return ImportRow.Gap(malformed);
                malformed = 0;
            }

            if (csv.FieldCount != Columns.Length)
            {
                report(csv.LineNumber, $"has {csv.FieldCount} values for {Columns.Length} columns; quote values that hold a comma");
                yield return ImportRow.Gap(csv.LineNumber);
                continue;
            }

            yield return new ImportRow(csv.LineNumber, csv.Current.ToArray());
        }

        if (malformed > 0)
        {
            yield return ImportRow.Gap(malformed);
        }

        void Malformed(CsvMalformedRecord record)
        {
            malformed = record.LineNumber;
            report(malformed, $"is malformed ({record.Reason}); double the quotes inside quotes");
        }
    }

    private IEnumerable<ImportRow> JsonRows(Action<long, string> report)
    {
        using var lines = new StreamReader(_content, Encoding.UTF8);
        for (var number = 1L; lines.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (!TryObject(line, out var document, out var error))
            {
                report(number, error);
                yield return ImportRow.Gap(number);
                continue;
            }

            using (document)
            {
                yield return new ImportRow(number, [.. Columns.Select(column => Text(document!.RootElement, column))]);
            }
        }
    }

    private static bool Next(CsvReader csv) => Read(csv.Read);

    private static bool Read(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException e)
        {
            throw new InvalidDataException($"{e.Message} A quote may never be closed.", e);
        }
    }

    private static string Text(JsonElement row, string column) => row.TryGetProperty(column, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Null => string.Empty,
            JsonValueKind.String => value.GetString()!,
            _ => value.GetRawText(),
        }
        : string.Empty;

    private static bool TryObject(string line, out JsonDocument? document, out string error)
    {
        (document, error) = (null, string.Empty);
        try
        {
            document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return true;
            }

            document.Dispose();
            error = "is not an object; each line is one JSON object";
        }
        catch (JsonException e)
        {
            error = $"is not JSON: {e.Message}";
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => _path;
}
