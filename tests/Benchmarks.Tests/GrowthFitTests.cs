using Decisioning.Benchmarks.Growth;

namespace Decisioning.Benchmarks.Tests;

public sealed class GrowthFitTests
{
    [Theory]
    [InlineData("O(1)", 0.0)]
    [InlineData("O(log n)", 0.0)]
    [InlineData("O(n)", 1.0)]
    [InlineData("O(n log n)", 1.2)]
    public void The_order_of_growth_is_told_in_spite_of_some_noise(string order, double slopeAtLeast)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var fit = GrowthFit.Of([.. new[] { 10, 100, 1_000, 10_000, 100_000 }.Select(size => ((double)size, Cost(order, size) * (0.99 + (0.02 * random.NextDouble()))))]);
            Assert.True(order == fit.Order, $"seed {seed}: {fit}");
            Assert.True(fit.Slope >= slopeAtLeast - 0.05, $"seed {seed}: {fit}");
        }
    }

    private static double Cost(string order, double size) => order switch
    {
        "O(1)" => 40,
        "O(log n)" => 2 + (8 * Math.Log(size)),
        "O(n)" => 0.1 * size,
        _ => 0.05 * size * Math.Log(size),
    };
}
