using System.Globalization;
using System.Text;

namespace Decisioning.Gateway.Telemetry;

/// <summary>Writes measurements in Prometheus' text format 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MeasuredInstrument> instruments)
    {
        var text = new StringBuilder();

        // Two instruments of one name would be two families of one name: the first is told.
        foreach (var instrument in instruments.DistinctBy(instrument => instrument.Name).OrderBy(instrument => instrument.Name, StringComparer.Ordinal))
        {
            var lines = instrument.Series().Select(series => (Labels: Labels(series), Read: series.Read())).OrderBy(line => line.Labels, StringComparer.Ordinal).ToList();
            if (lines.Count == 0)
            {
                continue;
            }

            text.Append("# HELP ").Append(instrument.Name).Append(' ').Append(Escaped(instrument.Description, isLabel: false)).Append('\n');
            text.Append("# TYPE ").Append(instrument.Name).Append(' ').Append(Type(instrument.Kind)).Append('\n');
            foreach (var (labels, (value, counts)) in lines)
            {
                if (instrument.Kind == MeasuredKind.Histogram)
                {
                    WriteHistogram(text, instrument, labels, value, counts);
                }
                else
                {
                    WriteLine(text, instrument.Name, labels, Number(value));
                }
            }
        }

        return text.ToString();
    }

    private static void WriteHistogram(StringBuilder text, MeasuredInstrument instrument, string labels, double sum, long[] counts)
    {
        var count = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            count += counts[i];
            var bound = i < instrument.Bounds.Length ? Number(instrument.Bounds[i]) : "+Inf";
            WriteLine(text, instrument.Name + "_bucket", $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{bound}\"", Number(count));
        }

        WriteLine(text, instrument.Name + "_sum", labels, Number(sum));
        WriteLine(text, instrument.Name + "_count", labels, Number(count));
    }

    private static void WriteLine(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(MeasuredSeries series) => string.Join(',', series.Labels.Select(label =>
        $"{PrometheusNames.Safe(label.Key)}=\"{Escaped(Convert.ToString(label.Value, CultureInfo.InvariantCulture) ?? "", isLabel: true)}\""));

    private static string Escaped(string value, bool isLabel)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Type(MeasuredKind kind) => kind switch
    {
        MeasuredKind.Counter => "counter",
        MeasuredKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
