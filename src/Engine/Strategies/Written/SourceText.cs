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

    /// <summary>The line that holds an index, without its end.</summary>
    public ReadOnlySpan<char> LineAt(long index)
    {
        var start = _lineStarts[At(index).Line - 1];
        var end = Text.IndexOf('\n', start);
        return Text.AsSpan(start, (end < 0 ? Text.Length : end) - start);
    }
}
