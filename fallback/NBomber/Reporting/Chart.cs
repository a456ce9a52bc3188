using System.Globalization;
using System.Net;
using System.Text;

namespace NBomber.Reporting;

/// <summary>Lines in a coordinate system, as SVG: for a page that has its style, or as a file of its own.</summary>
/// <param name="Title">What it shows; read out in its place.</param>
/// <param name="Unit">Of the upright axis.</param>
/// <param name="IsLog">Whether the upright axis is logarithmic.</param>
internal sealed record Chart(string Title, string Unit, bool IsLog)
{
    /// <summary>Colours by the reader's choice of light or dark, and dashes for who cannot tell them apart.</summary>
    public const string Style = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --soft: #5c5c5c; --line: #d8d8d8; --back: #fff; --bad: #b00020;
          --c0: #0b5fa5; --c1: #b45309; --c2: #0f766e; --c3: #a21caf; --c4: #4d7c0f; --c5: #57534e; }
        @media (prefers-color-scheme: dark) { :root { --ink: #ececec; --soft: #b0b0b0; --line: #3c3c3c; --back: #161616; --bad: #ff8a93;
          --c0: #7cc0ff; --c1: #fdba74; --c2: #5eead4; --c3: #f0abfc; --c4: #bef264; --c5: #d6d3d1; } }
        svg text { font: 12px system-ui, sans-serif; fill: var(--soft); } svg .grid { stroke: var(--line); } svg polyline, .legend line { fill: none; stroke-width: 2; }
        .s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); stroke-dasharray: 7 3; } .s2 { stroke: var(--c2); stroke-dasharray: 2 3; }
        .s3 { stroke: var(--c3); stroke-dasharray: 10 3 2 3; } .s4 { stroke: var(--c4); stroke-dasharray: 5 5; } .s5 { stroke: var(--c5); stroke-dasharray: 1 5; }
        """;

    private const double Width = 720;
    private const double Height = 260;
    private const double Left = 64;
    private const double Top = 12;
    private const double Bottom = 36;
    private const double Right = Width - 24;

    /// <summary>The lines of text above the drawing and below it in a file.</summary>
    private const double TextLine = 20;

    /// <summary>Points of a line at most: more than there are dots across would only make the page large.</summary>
    private const int PointsMax = 700;

    /// <summary>Marks below the chart: where, and what is written there.</summary>
    public required IReadOnlyList<(double X, string Text)> Marks { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> Lines { get; init; }

    /// <summary>As a part of a page.</summary>
    public string Svg()
    {
        if (!Lines.Any(line => line.Points.Count > 0))
        {
            return "<p>nothing was answered</p>";
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{Html(Title)}, {Html(Unit)}</figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html(Described())}\">");
        Draw(text);
        text.Append("</svg><ul class=\"legend\">");
        for (var i = 0; i < Lines.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<li><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><line class=\"s{i % 6}\" x1=\"0\" x2=\"28\" y1=\"4\" y2=\"4\"/></svg>{Html(Lines[i].Name)}</li>");
        }

        return text.Append("</ul></figure>\n").ToString();
    }

    /// <summary>As a file of its own.</summary>
    public string File()
    {
        var text = new StringBuilder();
        var height = Height + ((1 + Lines.Count) * TextLine);
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" role=\"img\" aria-label=\"{Html(Described())}\">\n<style>\n{Style}\n</style>\n<rect width=\"{Width}\" height=\"{height}\" style=\"fill: var(--back)\"/>\n");
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{TextLine - 4}\" style=\"fill: var(--ink)\">{Html(Title)}, {Html(Unit)}</text>\n<g transform=\"translate(0 {TextLine})\">");
        Draw(text);
        text.Append("</g>\n<g class=\"legend\">");
        for (var i = 0; i < Lines.Count; i++)
        {
            var y = Height + ((1 + i) * TextLine);
            text.Append(CultureInfo.InvariantCulture, $"<line class=\"s{i % 6}\" x1=\"{Left}\" x2=\"{Left + 28}\" y1=\"{y}\" y2=\"{y}\"/><text x=\"{Left + 36}\" y=\"{y + 4}\">{Html(Lines[i].Name)}</text>");
        }

        return text.Append("</g>\n</svg>\n").ToString();
    }

    private void Draw(StringBuilder text)
    {
        var all = Lines.SelectMany(line => line.Points).ToList();
        var (xMin, xMax) = (Math.Min(all.Min(p => p.X), Marks.Select(m => m.X).DefaultIfEmpty(double.MaxValue).Min()), all.Max(p => p.X));
        var yMarks = IsLog ? LogMarks(all) : LinearMarks(all.Max(p => p.Y));
        var (yMin, yMax) = (yMarks[0], yMarks[^1]);
        foreach (var mark in yMarks)
        {
            var y = Y(mark);
            text.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\"/><text x=\"{Left - 6}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{Figures.Number(mark)}</text>");
        }

        foreach (var (x, label) in Marks.Where(mark => mark.X <= xMax))
        {
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x):F1}\" y=\"{Height - 12}\" text-anchor=\"middle\">{Html(label)}</text>");
        }

        for (var i = 0; i < Lines.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<polyline class=\"s{i % 6}\" points=\"");
            text.AppendJoin(' ', Thinned(Lines[i].Points).Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):F1},{Y(p.Y):F1}")));
            text.Append("\"/>");
        }

        double X(double x) => Left + ((Right - Left) * (xMax > xMin ? (x - xMin) / (xMax - xMin) : 0.5));

        double Y(double y)
        {
            var share = IsLog ? Math.Log(Math.Max(y, yMin) / yMin) / Math.Log(yMax / yMin) : (y - yMin) / (yMax - yMin);
            return Height - Bottom - ((Height - Bottom - Top) * share);
        }
    }

    private string Described() => Title + ": " + string.Join("; ", Lines.Where(line => line.Points.Count > 0).Select(line =>
        $"{line.Name} from {Figures.Number(line.Points.Min(p => p.Y))} to {Figures.Number(line.Points.Max(p => p.Y))} {Unit}"));

    // Of neighbouring points the highest: peaks are what one looks for.
    private static IEnumerable<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> points) =>
        points.Count <= PointsMax ? points : points.Chunk((points.Count + PointsMax - 1) / PointsMax).Select(chunk => chunk.MaxBy(p => p.Y));

    private static List<double> LinearMarks(double most)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(most, 1e-6))));
        step = most / step < 2 ? step / 5 : most / step < 5 ? step / 2 : step;
        return [.. Enumerable.Range(0, (int)Math.Ceiling(Math.Max(most, 1e-6) / step) + 1).Select(i => i * step)];
    }

    private static List<double> LogMarks(List<(double X, double Y)> points)
    {
        var above = points.Where(p => p.Y > 0).Select(p => p.Y).DefaultIfEmpty(1).ToList();
        var first = (int)Math.Floor(Math.Log10(above.Min()));
        var last = Math.Max(first + 1, (int)Math.Ceiling(Math.Log10(above.Max())));
        return [.. Enumerable.Range(first, last - first + 1).Select(power => Math.Pow(10, power))];
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
