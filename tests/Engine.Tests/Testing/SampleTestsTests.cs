using System.Collections.Immutable;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Testing;
using Decisioning.Engine.Tests.Strategies;

namespace Decisioning.Engine.Tests.Testing;

/// <summary>The sample strategies keep what their tests say.</summary>
public sealed class SampleTestsTests
{
    public static TheoryData<string> Samples => [.. Directory.EnumerateDirectories(SampleStrategies.Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Samples))]
    public void The_tests_of_a_sample_pass(string name)
    {
        var (strategy, suite) = Read(name);

        var failures = suite.Cases.SelectMany(test => TestRunner.Run(test, strategy).Failures)
            .Select(failure => $"{failure.File}:{failure.Line}: {failure.Subject}: expected {failure.Expected}, got {failure.Actual}; {string.Join("; ", failure.Because)}");

        Assert.Empty(failures);
    }

    [Theory, MemberData(nameof(Samples))]
    public void The_tests_of_a_sample_touch_all_of_it(string name)
    {
        var (strategy, suite) = Read(name);

        var touched = suite.Cases.Select(test => TestRunner.Run(test, strategy).Touched).Aggregate(Coverage.None, (all, one) => all.With(one));

        Assert.InRange(suite.Cases.Length, 30, 100);
        Assert.All(touched.Against(strategy), part => Assert.Empty(part.Untouched));
    }

    private static (Strategy Strategy, TestSuite Suite) Read(string name)
    {
        var source = SampleStrategies.Read(name);
        var (strategy, errors) = StrategyCompiler.Compile(source, 1);
        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        (var suite, errors) = TestFiles.Read(source.Files, strategy!);
        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        return (suite!.Strategy, suite);
    }
}
