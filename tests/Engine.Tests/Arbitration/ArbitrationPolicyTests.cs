using System.Globalization;
using Decisioning.Engine.Arbitration;
using Xunit;

namespace Decisioning.Engine.Tests.Arbitration;

public sealed class ArbitrationPolicyTests
{
    private const int Draws = 20_000;

    public static TheoryData<string, double> Policies { get; } = new()
    {
        { "priority", 0 }, { "value", 0 }, { "goals", 0 }, { "random", 0 }, { "priority", 0.1 }, { "value", 0.5 }, { "goals", 1 },
    };

    /// <summary>Each row: entrants in the order of ties, as <c>priority/worth</c>; the one that goes first.</summary>
    [Theory]
    [InlineData("priority", "2/9 3/1 1/1", 1)]
    [InlineData("priority", "3/9 3/9 3/1", 0)]
    [InlineData("priority", "-1/9 0/1", 1)]
    [InlineData("value", "1/9 3/1", 0)]
    [InlineData("value", "1/9 3/9 2/9 8/1", 1)]
    [InlineData("value", "3/9 3/9", 0)]
    [InlineData("goals", "2/9 3/1 1/1", 1)]
    public void Policy_picks_the_one_of_the_row(string policy, string entrants, int first) =>
        Assert.Equal(new ArbitrationPick(first, 1), ArbitrationPolicies.ByName[policy].Pick(Entrants(entrants), Chance.Of(1, 0, 0)));

    [Theory, MemberData(nameof(Policies))]
    public void Probabilities_of_a_policy_sum_to_one_and_a_pick_states_its_own(string name, double explore)
    {
        var policy = ArbitrationPolicies.Exploring(ArbitrationPolicies.ByName[name], explore);
        var random = new Random(11);
        for (var seed = 0ul; seed < 500; seed++)
        {
            Entrant[] entrants = [.. Enumerable.Range(0, random.Next(1, 9)).Select(i => new Entrant(i, random.Next(4), 9 - (i / 2)))];
            Assert.Equal(1, Enumerable.Range(0, entrants.Length).Sum(i => policy.ProbabilityOf(entrants, i)), 12);

            var pick = policy.Pick(entrants, Chance.Of(seed, 0, 0));
            Assert.Equal(policy.ProbabilityOf(entrants, pick.Index), pick.Probability);
            Assert.True(pick.Probability > 0, $"seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Policies))]
    public void Picks_are_as_frequent_as_their_probability_says(string name, double explore)
    {
        var policy = ArbitrationPolicies.Exploring(ArbitrationPolicies.ByName[name], explore);
        var entrants = Entrants("1/5 4/5 4/3 2/1 0/0");
        var picked = new int[entrants.Length];
        for (var seed = 0ul; seed < Draws; seed++)
        {
            picked[policy.Pick(entrants, Chance.Of(seed, 1, 2)).Index]++;
        }

        ChiSquare.Fits($"{name}, exploring {explore}", picked, [.. Enumerable.Range(0, entrants.Length).Select(i => policy.ProbabilityOf(entrants, i))]);
    }

    [Fact]
    public void Chance_of_one_pick_says_nothing_of_another()
    {
        // Two picks of the same decision, four entrants each: all sixteen pairs as often.
        var pairs = new int[16];
        for (var seed = 0ul; seed < Draws; seed++)
        {
            var (first, second) = (Chance.Of(seed, 0, 0), Chance.Of(seed, 0, 1));
            pairs[(4 * first.NextBelow(4)) + second.NextBelow(4)]++;
        }

        ChiSquare.Fits("pairs of picks", pairs, [.. Enumerable.Repeat(1 / 16.0, 16)]);
    }

    [Fact]
    public void Chance_is_the_same_for_the_same_seed_slot_and_pick()
    {
        var numbers = Enumerable.Range(0, 3).SelectMany(slot => Enumerable.Range(0, 3).Select(pick => Share(slot, pick))).ToList();
        Assert.Equal(numbers.Distinct(), numbers);
        Assert.Equal(Share(2, 1), Share(2, 1));
        Assert.All(numbers, number => Assert.InRange(number, 0, 1));

        static double Share(int slot, int pick)
        {
            var chance = Chance.Of(42, slot, pick);
            return chance.NextShare();
        }
    }

    private static Entrant[] Entrants(string entrants) =>
        [.. entrants.Split(' ').Select((entrant, index) => entrant.Split('/') is [var priority, var worth]
            ? new Entrant(index, double.Parse(priority, CultureInfo.InvariantCulture), double.Parse(worth, CultureInfo.InvariantCulture))
            : throw new FormatException(entrant))];
}
