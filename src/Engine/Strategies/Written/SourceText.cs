namespace Decisioning.Engine.Strategies.Written;

/// <summary>One file as text with <c>\n</c> line ends and no byte order mark; knows where its lines begin.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lineStarts = [0];

    public SourceText(string file, string text)
    {
        File = file;
        Text = Normalize(text);
        for (var i = 0; i < Text.Length; i++)
        {
            if (Text[i] == '\n')
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    public string File { get; }

    public string Text { get; }

    public static string Normalize(string text) => text.TrimStart('\uFEFF').Replace("\r\n", "\n").Replace('\r', '\n');

    public Place At(long index)
    {
        var offset = (int)Math.Clamp(index, 0, Text.Length);
        var line = _lineStarts.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new Place(File, line + 1, offset - _lineStarts[line] + 1);
    }

    /// <summary>Where the line that holds an index begins.</summary>
    public int LineStart(long index) => _lineStarts[At(index).Line - 1];

    /// <summary>Where the line that holds an index ends: its line break, or the end of the text.</summary>
    public int LineEnd(long index) => Text.IndexOf('\n', LineStart(index)) is >= 0 and var end ? end : Text.Length;

    /// <summary>The line that holds an index, without its end.</summary>
    public ReadOnlySpan<char> LineAt(long index) => Text.AsSpan(LineStart(index)..LineEnd(index));
}
