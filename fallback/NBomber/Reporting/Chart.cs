using System.Globalization;
using System.Net;
using System.Text;

namespace NBomber.Reporting;

/// <summary>Lines in a coordinate system, as SVG that takes its colours from the page.</summary>
/// <param name="Title">What it shows; read out in its place.</param>
/// <param name="Unit">Of the upright axis.</param>
/// <param name="IsLog">Whether the upright axis is logarithmic.</param>
internal sealed record Chart(string Title, string Unit, bool IsLog)
{
    private const double Width = 720;
    private const double Height = 260;
    private const double Left = 64;
    private const double Top = 12;
    private const double Bottom = 36;
    private const double Right = Width - 24;

    /// <summary>Points of a line at most: more than there are dots across would only make the page large.</summary>
    private const int PointsMax = 700;

    /// <summary>Marks below the chart: where, and what is written there.</summary>
    public required IReadOnlyList<(double X, string Text)> Marks { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> Lines { get; init; }

    public string Svg()
    {
        var all = Lines.SelectMany(line => line.Points).ToList();
        if (all.Count == 0)
        {
            return "<p>nothing was answered</p>";
        }

        var (xMin, xMax) = (Math.Min(all.Min(p => p.X), Marks.Select(m => m.X).DefaultIfEmpty(double.MaxValue).Min()), all.Max(p => p.X));
        var yMarks = IsLog ? LogMarks(all) : LinearMarks(all.Max(p => p.Y));
        var (yMin, yMax) = (yMarks[0], yMarks[^1]);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{Html(Title)}, {Html(Unit)}</figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html(Described())}\">");
        foreach (var mark in yMarks)
        {
            var y = Y(mark);
            text.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\"/><text x=\"{Left - 6}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{ReportRow.Number(mark)}</text>");
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

        text.Append("</svg><ul class=\"legend\">");
        for (var i = 0; i < Lines.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<li><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><line class=\"s{i % 6}\" x1=\"0\" x2=\"28\" y1=\"4\" y2=\"4\"/></svg>{Html(Lines[i].Name)}</li>");
        }

        return text.Append("</ul></figure>\n").ToString();

        double X(double x) => Left + ((Right - Left) * (xMax > xMin ? (x - xMin) / (xMax - xMin) : 0.5));

        double Y(double y)
        {
            var share = IsLog ? Math.Log(Math.Max(y, yMin) / yMin) / Math.Log(yMax / yMin) : (y - yMin) / (yMax - yMin);
            return Height - Bottom - ((Height - Bottom - Top) * share);
        }
    }

    private string Described() => Title + ": " + string.Join("; ", Lines.Where(line => line.Points.Count > 0).Select(line =>
        $"{line.Name} from {ReportRow.Number(line.Points.Min(p => p.Y))} to {ReportRow.Number(line.Points.Max(p => p.Y))} {Unit}"));

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
