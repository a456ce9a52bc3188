using System.Text.RegularExpressions;
using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>docs/strategy.md is true to the code.</summary>
public sealed partial class ManualTests
{
    private static readonly string Manual = File.ReadAllText(Path.Combine(SampleStrategies.Root, "../docs/strategy.md"));

    /// <summary>Its examples, each a file of one strategy.</summary>
    internal static IReadOnlyList<string> Examples { get; } = [.. YamlBlock().Matches(Manual).Select(block => block.Groups["text"].Value)];

    [Fact]
    public void The_examples_of_the_manual_are_one_strategy_without_a_mistake()
    {
        var examples = Examples.Select((text, i) => ($"example-{i:00}.yaml", text)).ToList();

        var (strategy, errors) = Fragments.Compile([("strategy.yaml", "strategy: manual"), .. examples]);

        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        Assert.True(examples.Count >= 12 && strategy!.Actions.Length > 0);
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
    public void The_manual_lists_every_check_with_its_severity_and_meaning()
    {
        var listed = CheckRow().Matches(Manual).Select(row => (Id: row.Groups["id"].Value, Severity: row.Groups["severity"].Value, Meaning: row.Groups["meaning"].Value));

        Assert.Equal(FindingRules.All.Select(rule => (rule.Id, rule.Severity.ToString().ToLowerInvariant(), rule.Meaning)), listed);
    }

    [Fact]
    public void The_manual_lists_every_ready_made_feature_with_what_it_stands_for()
    {
        var listed = ReadyRow().Matches(Manual).Select(row => (row.Groups["name"].Value, row.Groups["words"].Value));

        Assert.Equal(Engine.Strategies.Sections.ReadyFeatures.All, listed);
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| `(?<words>\{ .* \})` \| .*\|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ReadyRow();

    [GeneratedRegex(@"^\| `(?<id>[a-z-]+)` \| (?<severity>error|warning) \| (?<meaning>.*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CheckRow();

    [GeneratedRegex("^```yaml\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex YamlBlock();
}
