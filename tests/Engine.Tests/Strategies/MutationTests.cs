using System.Collections.Immutable;
using System.Text;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Linting;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>Samples, broken at random: the compiler never throws, and every mistake has a place that exists.</summary>
public sealed class MutationTests
{
    private const int Rounds = 40;
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
            var file = source.Files.Keys.ElementAt(random.Next(source.Files.Count));
            var broken = new StrategySource(source.Files.SetItem(file, Mutate(source.Files[file], random)));

            var report = StrategyLinter.Lint(broken, new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

            Assert.True(report.Strategy is null == report.Errors > 0, $"round {round}: either a strategy or errors");
            foreach (var error in report.Findings)
            {
                Assert.True(Exists(error, broken), $"round {round}: {error} is nowhere");
                Assert.False(error.Message.Contains("System.", StringComparison.Ordinal) || error.Message.Contains("YamlDotNet", StringComparison.Ordinal), error.ToString());
            }
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
