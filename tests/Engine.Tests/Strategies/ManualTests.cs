using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Testing;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>
/// docs/strategy.md is true to the code. Its blocks of YAML without a file's name are one strategy, those under <c>tests/</c> its tests; blocks
/// named <c>cafe/FILE</c> are the files of the first strategy, which the manual writes from nothing.
/// </summary>
public sealed partial class ManualTests
{
    private static readonly string Manual = File.ReadAllText(Path.Combine(SampleStrategies.Root, "../docs/strategy.md"));

    /// <summary>Its examples of sections, each a file of one strategy.</summary>
    internal static IReadOnlyList<string> Examples { get; } = [.. Blocks().Where(block => block.File.Length == 0).Select(block => block.Text)];

    /// <summary>Its examples of test files.</summary>
    internal static IReadOnlyList<string> TestFilesInIt { get; } =
        [.. Blocks().Where(block => block.File.StartsWith("tests/", StringComparison.Ordinal) || block.File.StartsWith("cafe/tests/", StringComparison.Ordinal)).Select(block => block.Text)];

    [Fact]
    public void The_examples_of_the_manual_are_one_strategy_without_a_mistake()
    {
        var (strategy, errors) = StrategyCompiler.Compile(new(Reference()), 1);

        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        Assert.True(Reference().Count >= 12 && strategy!.Actions.Length > 0);
    }

    [Fact]
    public void The_tests_of_the_manual_pass() => RunTests(Reference());

    [Fact]
    public void The_first_strategy_of_the_manual_passes_its_tests_and_has_nothing_to_warn_of()
    {
        var files = Blocks().Where(block => block.File.StartsWith("cafe/", StringComparison.Ordinal))
            .ToImmutableSortedDictionary(block => block.File["cafe/".Length..], block => block.Text, StringComparer.Ordinal);

        Assert.Empty(StrategyCompiler.Compile(new(files), 1).Warnings);
        RunTests(files);
    }

    [Fact]
    public void The_first_step_of_the_first_strategy_stands_alone()
    {
        var files = Blocks().Where(block => block.File is "cafe/strategy.yaml" or "cafe/tests/cards.yaml")
            .ToImmutableSortedDictionary(block => block.File["cafe/".Length..], block => block.Text, StringComparer.Ordinal);

        RunTests(files);
    }

    [Fact]
    public void The_manual_names_every_section()
    {
        foreach (var section in Engine.Strategies.Sections.StrategyLanguage.Sections.Names)
        {
            Assert.Matches($"### .*`{section}`", Manual);
        }
    }

    [Fact]
    public void The_manual_names_every_key_of_a_test()
    {
        var chapter = Manual[Manual.IndexOf("\n## Tests", StringComparison.Ordinal)..];

        Assert.Empty(new[] { TestLanguage.File, TestLanguage.Test, TestLanguage.Case, TestLanguage.AnyEvent, TestLanguage.Consent, TestLanguage.Response, TestLanguage.Ask, TestLanguage.Expect }
            .SelectMany(table => table.Names)
            .Where(key => !Regex.IsMatch(chapter, $@"`{key}\b|\b{key}:")));
    }

    [Fact]
    public void The_manual_lists_every_ready_made_feature_with_what_it_stands_for()
    {
        var listed = ReadyRow().Matches(Manual).Select(row => (row.Groups["name"].Value, row.Groups["words"].Value));

        Assert.Equal(Engine.Strategies.Sections.ReadyFeatures.All, listed);
    }

    [Fact]
    public void The_manual_lists_every_check_with_its_severity_and_meaning()
    {
        var listed = CheckRow().Matches(Manual).Select(row => (Id: row.Groups["id"].Value, Severity: row.Groups["severity"].Value, Meaning: row.Groups["meaning"].Value));

        Assert.Equal(FindingRules.All.Select(rule => (rule.Id, rule.Severity.ToString().ToLowerInvariant(), rule.Meaning)), listed);
    }

    private static void RunTests(ImmutableSortedDictionary<string, string> files)
    {
        var (strategy, errors) = StrategyCompiler.Compile(new(files), 1);
        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        (var suite, errors) = TestFiles.Read(files, strategy!);
        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        Assert.NotEmpty(suite!.Cases);
        Assert.Empty(suite.Cases.SelectMany(test => TestRunner.Run(test, suite.Strategy).Failures)
            .Select(failure => $"{failure.File}:{failure.Line}: {failure.Subject}: expected {failure.Expected}, got {failure.Actual}; {string.Join("; ", failure.Because)}"));
    }

    private static ImmutableSortedDictionary<string, string> Reference() => Blocks()
        .Where(block => !block.File.StartsWith("cafe/", StringComparison.Ordinal))
        .Select((block, i) => (File: block.File.Length > 0 ? block.File : $"example-{i:00}.yaml", block.Text))
        .Append(("strategy.yaml", "strategy: manual"))
        .ToImmutableSortedDictionary(block => block.Item1, block => block.Item2, StringComparer.Ordinal);

    private static IEnumerable<(string File, string Text)> Blocks() => YamlBlock().Matches(Manual).Select(block => (block.Groups["file"].Value, block.Groups["text"].Value));

    [GeneratedRegex("^```yaml(?: (?<file>[^\n]+))?\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| `(?<words>\{ .* \})` \| .*\|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ReadyRow();

    [GeneratedRegex(@"^\| `(?<id>[a-z-]+)` \| (?<severity>error|warning) \| (?<meaning>.*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CheckRow();
}
