using System.Globalization;
using System.Text.RegularExpressions;
using NBomber.Reporting;

namespace Decisioning.Benchmarks.Growth;

/// <summary>Draws what <see cref="GrowthBench"/> kept: <c>bench plot FILE.csv…</c> writes a picture of each operation beside the file.</summary>
internal static partial class GrowthPlot
{
    /// <summary>Its name on the command line.</summary>
    public const string Verb = "plot";

    /// <summary>Runs it.</summary>
    public static int Run(string[] files)
    {
        if (files.Length == 0 || Array.Find(files, file => !File.Exists(file)) is not null)
        {
            Console.Error.WriteLine($"write `bench {Verb} FILE.csv…` with files that `bench {GrowthBench.Verb} --csv FILE` wrote");
            return 2;
        }

        foreach (var file in files)
        {
            foreach (var operation in Read(file).GroupBy(row => (row.Operation, row.By)))
            {
                var name = string.Concat(operation.Key.Operation.Append(' ').Concat(operation.Key.By).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Replace("--", "-", StringComparison.Ordinal);
                var svg = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileNameWithoutExtension(file)}-{name}.svg");
                File.WriteAllText(svg, Draw(operation.Key.Operation, operation.Key.By, [.. operation]));
                Console.WriteLine(svg);
            }
        }

        return 0;
    }

    /// <summary>Both axes are logarithmic: what grows with its size is a straight line, and beside it what that would be.</summary>
    private static string Draw(string operation, string by, List<GrowthRow> rows)
    {
        List<(string Name, IReadOnlyList<(double X, double Y)> Points)> lines =
        [
            ("measured", [.. rows.Select(row => (Math.Log10(row.Size), row.Us))]),
            ("if it grew with the number", [.. rows.Select(row => (Math.Log10(row.Size), rows[0].Us * row.Size / rows[0].Size))]),
        ];
        return new Chart($"{operation}, by {by}", "µs", IsLog: true)
        {
            Marks = [.. rows.Select(row => (Math.Log10(row.Size), row.Size.ToString("N0", CultureInfo.InvariantCulture)))],
            Lines = lines,
        }.File();
    }

    // As GrowthTable writes it: the header is no such line.
    private static IEnumerable<GrowthRow> Read(string file) => File.ReadLines(file).Select(line => Line().Match(line)).Where(line => line.Success).Select(line => new GrowthRow(
        line.Groups["operation"].Value,
        line.Groups["by"].Value,
        int.Parse(line.Groups["size"].Value, CultureInfo.InvariantCulture),
        double.Parse(line.Groups["us"].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex("""^"(?<operation>[^"]*)","(?<by>[^"]*)",(?<size>\d+),(?<us>[\d.]+),""", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    private sealed record GrowthRow(string Operation, string By, int Size, double Us);
}
