namespace Decisioning.Engine.Tests.Strategies;

/// <summary>Whole files with many mistakes; beside each stands what its author is told, line by line, in the order of the file.</summary>
public sealed class CorpusTests
{
    private static readonly string Folder = Path.Combine(SampleStrategies.Root, "../tests/cases/strategies");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_with_many_mistakes_gives_all_of_them_in_its_order(string name)
    {
        var expected = File.ReadAllText(Path.Combine(Folder, name + ".errors"));

        var (strategy, errors) = Fragments.Compile((name + ".yaml", File.ReadAllText(Path.Combine(Folder, name + ".yaml"))));

        Assert.Null(strategy);
        var actual = string.Concat(errors.Select(error => error + "\n"));
        Assert.True(expected == actual, $"{name}.errors wants:\n{expected}\nbut there are:\n{actual}");
    }

    [Fact]
    public void Ten_mistakes_are_ten_errors() =>
        Assert.Equal(10, File.ReadAllLines(Path.Combine(Folder, "ten-mistakes.errors")).Length);
}
