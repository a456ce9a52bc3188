using System.Collections.Immutable;
using System.Text;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Linting;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>Samples, broken at random: the compiler never throws, and every mistake has a place that exists.</summary>
public sealed class MutationTests
{
    private const int Rounds = 40;
    private const int ManualRounds = 1_000;
    private static readonly string[] Pieces = ["{", "}", "[", "]", ":", ": ", ",", " #", "\"", "'", "|", ">", "&a ", "*a", "!", "-", "- ", "\n", "\t", "  ", "?", "%", "@", "\0", "\u2028", "😀", "9e99", "null", "<<"];

    [Theory]
    [InlineData("retail", 1)]
    [InlineData("retail", 2)]
    [InlineData("clinic", 3)]
    [InlineData("clinic", 4)]
    public void A_sample_broken_at_random_is_refused_with_places_or_compiles_and_is_checked(string sample, int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var source = SampleStrategies.Read(sample);
        for (var round = 0; round < Rounds; round++)
        {
            var broken = Break(source, random);

            var report = StrategyLinter.Lint(broken, new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

            Assert.True(report.Strategy is null == report.Errors > 0, $"round {round}: either a strategy or errors");
            RequirePlaces(report.Findings, broken, round);
        }
    }

    /// <summary>The examples of the manual have nearly every key there is, in a few lines each.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void The_manual_broken_at_random_is_refused_with_places_or_compiles(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var source = new StrategySource(ManualTests.Examples
            .Select((text, i) => KeyValuePair.Create($"example-{i:00}.yaml", text))
            .Append(KeyValuePair.Create("strategy.yaml", "strategy: manual"))
            .ToImmutableSortedDictionary(StringComparer.Ordinal));
        var compiled = 0;
        for (var round = 0; round < ManualRounds; round++)
        {
            var broken = Break(source, random);

            var (strategy, errors) = StrategyCompiler.Compile(broken, 1);

            Assert.True(strategy is null != errors.IsEmpty, $"round {round}: either a strategy or errors");
            RequirePlaces(errors, broken, round);
            compiled += strategy is null ? 0 : 1;
        }

        Assert.InRange(compiled, 1, ManualRounds / 2);
    }

    private static StrategySource Break(StrategySource source, Random random)
    {
        var file = source.Files.Keys.ElementAt(random.Next(source.Files.Count));
        return new StrategySource(source.Files.SetItem(file, Mutate(source.Files[file], random)));
    }

    private static void RequirePlaces(ImmutableArray<Finding> findings, StrategySource source, int round)
    {
        foreach (var finding in findings)
        {
            Assert.True(Exists(finding, source), $"round {round}: {finding} is nowhere");
            Assert.False(finding.Message.Contains("System.", StringComparison.Ordinal) || finding.Message.Contains("YamlDotNet", StringComparison.Ordinal), finding.ToString());
        }
    }

    private static string Mutate(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0 && mutated.Length > 0; i--)
        {
            var at = random.Next(mutated.Length);
            switch (random.Next(5))
            {
                case 0:
                    mutated.Remove(at, Math.Min(random.Next(1, 30), mutated.Length - at));
                    break;
                case 1:
                    mutated[at] = (char)random.Next(32, 127);
                    break;
                case 2:
                    mutated.Insert(at, text.AsSpan(Math.Min(at, text.Length - 1), Math.Min(random.Next(1, 80), text.Length - Math.Min(at, text.Length - 1))));
                    break;
                case 3:
                    mutated.Length = at;
                    break;
                default:
                    mutated.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return mutated.ToString();
    }

    private static bool Exists(Finding error, StrategySource source)
    {
        if (!source.Files.TryGetValue(error.File, out var text))
        {
            return false;
        }

        var lines = text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n');
        return error.Line >= 1 && error.Line <= lines.Length && error.Column >= 1 && error.Column <= lines[error.Line - 1].Length + 1;
    }
}
