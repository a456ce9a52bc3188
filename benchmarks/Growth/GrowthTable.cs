using System.Globalization;

namespace Decisioning.Benchmarks.Growth;

/// <summary>What one operation costs by the number of something.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="By">What there is more and more of.</param>
/// <param name="Promise">What the design says.</param>
/// <param name="Points">The costs, by size.</param>
internal sealed record GrowthTable(string Operation, string By, string Promise, IReadOnlyList<GrowthPoint> Points)
{
    /// <summary>The names of the columns of <see cref="Csv"/>.</summary>
    public const string CsvHeader = "operation,by,size,us,bytes";

    /// <summary>As Markdown.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"\n### {Operation}, by {By}\n";
        yield return $"| {By} | µs | B allocated |";
        yield return "|---:|---:|---:|";
        foreach (var point in Points)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"| {point.Size:N0} | {point.Microseconds:N2} | {(point.Bytes is { } bytes ? bytes.ToString("N0", CultureInfo.InvariantCulture) : "")} |");
        }

        var time = GrowthFit.Of([.. Points.Select(point => ((double)point.Size, point.Microseconds))]);
        var said = string.Create(CultureInfo.InvariantCulture, $"\nTime: {time.Order}, slope {time.Slope:N2}, off by {time.Error:P0}.");
        if (Points.All(point => point.Bytes is > 0))
        {
            var bytes = GrowthFit.Of([.. Points.Select(point => ((double)point.Size, point.Bytes!.Value))]);
            said += string.Create(CultureInfo.InvariantCulture, $" Bytes: {bytes.Order}, slope {bytes.Slope:N2}, off by {bytes.Error:P0}.");
        }

        yield return $"{said} The design: {Promise}.";
    }

    /// <summary>As lines of a file of comma-separated values, without its header.</summary>
    public IEnumerable<string> Csv() => Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"\"{Operation}\",\"{By}\",{point.Size},{point.Microseconds:F3},{point.Bytes:F1}"));
}

/// <summary>What one operation costs at a size.</summary>
/// <param name="Size">How many there are.</param>
/// <param name="Microseconds">How long it takes.</param>
/// <param name="Bytes">What it allocates; null where that was not measured.</param>
internal sealed record GrowthPoint(int Size, double Microseconds, double? Bytes);
