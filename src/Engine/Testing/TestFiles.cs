using System.Collections.Immutable;
using System.Text;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Testing;

/// <summary>Reads the tests of a strategy: the YAML files of its folder <c>tests</c>.</summary>
public static class TestFiles
{
    /// <summary>Reads and checks all files, so that an author sees all the mistakes at once. Never throws for any text.</summary>
    /// <param name="files">
    /// Text by file name relative to the strategy's folder; those that <see cref="StrategySource.IsTest"/> does not name are passed over.
    /// </param>
    /// <param name="strategy">The strategy they test: names in tests are its names.</param>
    /// <returns>The tests, or null and the mistakes by file name, line and column.</returns>
    public static (TestSuite? Suite, ImmutableArray<Finding> Errors) Read(ImmutableSortedDictionary<string, string> files, Strategy strategy)
    {
        var mistakes = new Mistakes();
        var sources = files.Where(file => StrategySource.IsTest(file.Key)).Select(file => new SourceText(file.Key, file.Value)).ToList();
        var cases = ImmutableArray.CreateBuilder<TestCase>();
        var names = new TestNames(strategy);
        foreach (var source in sources.Where(source => IsWithinLimits(source, sources.Count, mistakes)))
        {
            if (YamlReader.Read(source, mistakes) is { IsEmpty: false } root)
            {
                TestReader.Read(root, names, cases, mistakes);
            }
        }

        var tested = strategy.Arbitration.Explore == 0 ? strategy : strategy with { Arbitration = strategy.Arbitration.WithoutExploring() };
        return mistakes.Any ? (null, mistakes.Errors([.. sources.Select(source => source.File)])) : (new(tested, cases.ToImmutable()), []);
    }

    private static bool IsWithinLimits(SourceText source, int files, Mistakes mistakes)
    {
        if (files > Limits.StrategyFilesMax)
        {
            mistakes.Add(FindingRules.Limit, new Place(source.File, 1, 1), "tests", $"there are {files} test files; at most {Limits.StrategyFilesMax} are read");
            return false;
        }

        if (Encoding.UTF8.GetByteCount(source.Text) > Limits.StrategyBytesMax)
        {
            mistakes.Add(FindingRules.Limit, new Place(source.File, 1, 1), "tests", $"the file is larger than {Limits.StrategyBytesMax} bytes; split it");
            return false;
        }

        return true;
    }
}
