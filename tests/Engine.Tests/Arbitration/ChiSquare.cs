using Xunit;

namespace Decisioning.Engine.Tests.Arbitration;

/// <summary>Pearson's test of whether counts fit probabilities.</summary>
internal static class ChiSquare
{
    /// <summary>Fails when counts are further from what probabilities say than chance takes them once in a million.</summary>
    public static void Fits(string what, int[] counts, double[] probabilities)
    {
        Assert.Equal(1, probabilities.Sum(), 9);
        var (total, statistic, freedom) = (counts.Sum(), 0d, -1);
        for (var i = 0; i < counts.Length; i++)
        {
            if (probabilities[i] == 0)
            {
                Assert.True(counts[i] == 0, $"{what}: {i} came though its probability is 0");
                continue;
            }

            var expected = total * probabilities[i];
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
            freedom++;
        }

        // Wilson and Hilferty: the cube root of a chi-square variable is close to normal; 4.75 deviations are one in a million.
        var bound = freedom == 0 ? 0 : freedom * Math.Pow(1 - (2.0 / (9 * freedom)) + (4.75 * Math.Sqrt(2.0 / (9 * freedom))), 3);
        Assert.True(statistic <= bound + 1e-9, $"{what}: {string.Join(' ', counts)} of {total}, expected {string.Join(' ', probabilities.Select(p => p * total))}; {statistic} over {bound}");
    }
}
