using System.Diagnostics.Metrics;

namespace Decisioning.Gateway.Telemetry;

/// <summary>Names as Prometheus has them: with the base unit in them, and <c>_total</c> for sums.</summary>
internal static class PrometheusNames
{
    /// <summary>The name of an instrument and what its values are multiplied with to be in that unit.</summary>
    public static (string Name, double Scale) Of(Instrument instrument, MeasuredKind kind)
    {
        var (suffix, scale) = instrument.Unit switch
        {
            "ms" => ("_seconds", 0.001),
            "s" => ("_seconds", 1),
            "By" => ("_bytes", 1),
            "1" when kind == MeasuredKind.Gauge => ("_ratio", 1),
            _ => ("", 1d),
        };
        var name = Safe(instrument.Name);
        name = name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix;
        return (kind == MeasuredKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name, scale);
    }

    /// <summary>A name or label with nothing in it but what one may have.</summary>
    public static string Safe(string name) => string.Create(name.Length, name, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = char.IsAsciiLetter(source[i]) || source[i] == '_' || (i > 0 && char.IsAsciiDigit(source[i])) ? source[i] : '_';
        }
    });
}
