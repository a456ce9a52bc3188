using Decisioning.Engine.Features;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Features;

public sealed class SlidingRegistersTests
{
    // The standard error is 6.5 %: of 200 estimates the root of the mean square stays below 8 %, and the mean below 2 %, unless the hash is bad.
    [Theory]
    [InlineData(300)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void Estimates_have_the_error_that_is_stated(int values)
    {
        var errors = new List<double>();
        for (var set = 0; set < 200; set++)
        {
            var registers = SlidingRegisters.Empty;
            for (var i = 0; i < values; i++)
            {
                registers = registers.With(unchecked((long)FeatureValue.HashOf(Value.Of($"product-{set}-{i}"))), 0);
            }

            errors.Add((registers.Estimate(long.MinValue) / (double)values) - 1);
        }

        Assert.InRange(Math.Sqrt(errors.Average(error => error * error)), 0.03, 0.08);
        Assert.InRange(errors.Average(), -0.02, 0.02);
    }
}
