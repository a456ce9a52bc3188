using System.Text.RegularExpressions;

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

    [GeneratedRegex("^```yaml\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex YamlBlock();
}
