using System.Globalization;
using Decisioning.Tests.Shared;

namespace Decisioning.Conformance.Tests;

/// <summary>The language against the public suite of its makers.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public async Task Every_test_that_needs_no_messages_passes_but_those_left_out_with_a_reason_and_the_readme_says_how_many()
    {
        var (tests, all) = await Suite.ReadAsync(TestContext.Current.CancellationToken);
        var leftOut = LeftOut.Read();

        var failures = tests.Select(test => (test.Name, Failure: SuiteRun.Failure(test.Definition))).Where(one => one.Failure is not null).ToDictionary(one => one.Name, one => one.Failure, StringComparer.Ordinal);

        Report(tests, all, failures.Keys);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"Of the {all:N0} tests of its public conformance suite {tests.Count:N0} need no protobuf messages; {tests.Count - leftOut.Count:N0} of them pass"),
            await File.ReadAllTextAsync(Path.Combine(ForeignClients.RepositoryRoot, "README.md"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Empty(failures.Where(one => !leftOut.Contains(one.Key)).Select(one => $"{one.Key}: {one.Value}"));
        Assert.Empty(leftOut.Where(name => !failures.ContainsKey(name)).Select(name => $"{name} passes, or is not in the suite: strike it off left-out.txt"));
    }

    private static void Report(IReadOnlyList<SuiteTest> tests, int all, IReadOnlyCollection<string> failures)
    {
        var failed = failures.ToHashSet(StringComparer.Ordinal);
        foreach (var section in tests.GroupBy(test => test.Section).OrderBy(section => section.Key, StringComparer.Ordinal))
        {
            Print($"{section.Key,-16} {section.Count(test => !failed.Contains(test.Name)),5} of {section.Count()}");
        }

        Print($"{"total",-16} {tests.Count - failed.Count,5} of {tests.Count} that need no protobuf messages; the suite has {all}");
    }

    private static void Print(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
    }
}
