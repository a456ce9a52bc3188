using System.Xml.Linq;
using Decisioning.Benchmarks.Growth;

namespace Decisioning.Benchmarks.Tests;

public sealed class GrowthPlotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("growth-plot-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_growth_kept_becomes_a_picture_of_each_operation_with_all_its_sizes()
    {
        GrowthTable[] tables =
        [
            new("one event, 20 rules", "features", "", [new(10, 1.5, 100), new(100, 2.5, null), new(1_000, 30, 120)]),
            new("one decision <of all>", "actions", "", [new(10, 1, 1), new(20, 2, 2)]),
        ];
        var file = Path.Combine(_folder, "growth.csv");
        File.WriteAllLines(file, tables.SelectMany(table => table.Csv()).Prepend(GrowthTable.CsvHeader));

        Assert.Equal(0, GrowthPlot.Run([file]));

        var pictures = Directory.EnumerateFiles(_folder, "*.svg").Select(XDocument.Load).OrderBy(picture => picture.Root!.ToString().Length).ToList();
        Assert.Equal([2, 3], pictures.Select(PointsOfFirstLine));
        Assert.Contains("one decision <of all>, by actions", pictures[0].Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_understood() => Assert.Equal(2, GrowthPlot.Run([Path.Combine(_folder, "none.csv")]));

    private static int PointsOfFirstLine(XDocument picture) =>
        picture.Descendants().First(element => element.Name.LocalName == "polyline").Attribute("points")!.Value.Split(' ').Length;
}
