namespace Decisioning.Benchmarks.Growth;

/// <summary>
/// How measured costs grow with a size: of the shapes a constant, a + b log n, a + b n and a + b n log n, each fitted by least squares of the relative
/// errors, the simplest that is not clearly worse than the best; and the slope on logarithmic paper, 0 for constant and 1 for linear.
/// </summary>
/// <param name="Order">The shape, as people write it.</param>
/// <param name="Slope">The slope of log cost over log size.</param>
/// <param name="Error">How far points lie from the shape: the root of the mean squared relative error.</param>
internal sealed record GrowthFit(string Order, double Slope, double Error)
{
    // Points lie about so far from any line by noise; what is closer than that tells nothing.
    private const double Noise = 0.05;
    private const double ClearlyWorse = 1.5;

    private static readonly (string Order, Func<double, double> Of)[] Shapes =
        [("1", _ => 0), ("log n", Math.Log), ("n", n => n), ("n log n", n => n * Math.Log(n))];

    /// <summary>Fits sizes and their costs, at least three.</summary>
    public static GrowthFit Of(IReadOnlyList<(double Size, double Cost)> points)
    {
        var fits = Shapes.Select(shape => (shape.Order, Error: Fit(points, shape.Of))).ToArray();
        var good = Math.Max(Noise, ClearlyWorse * fits.Min(fit => fit.Error));
        var (order, error) = fits.First(fit => fit.Error <= good);
        return new($"O({order})", SlopeOf(points), error);
    }

    // Least squares of (a + b f(n) - y) / y, with b at least 0: nothing gets cheaper by being more.
    private static double Fit(IReadOnlyList<(double Size, double Cost)> points, Func<double, double> shape)
    {
        double w = 0, wf = 0, wff = 0, wy = 0, wfy = 0;
        foreach (var (size, cost) in points)
        {
            var (weight, f) = (1 / (cost * cost), shape(size));
            (w, wf, wff, wy, wfy) = (w + weight, wf + (weight * f), wff + (weight * f * f), wy + (weight * cost), wfy + (weight * f * cost));
        }

        var determinant = (w * wff) - (wf * wf);
        var b = determinant > 1e-12 * w * Math.Max(wff, 1e-300) ? Math.Max(0, ((w * wfy) - (wf * wy)) / determinant) : 0;
        var a = (wy - (b * wf)) / w;
        return Math.Sqrt(points.Average(point => Math.Pow((a + (b * shape(point.Size)) - point.Cost) / point.Cost, 2)));
    }

    private static double SlopeOf(IReadOnlyList<(double Size, double Cost)> points)
    {
        var (x, y) = (points.Average(point => Math.Log(point.Size)), points.Average(point => Math.Log(point.Cost)));
        return points.Sum(point => (Math.Log(point.Size) - x) * (Math.Log(point.Cost) - y)) / points.Sum(point => Math.Pow(Math.Log(point.Size) - x, 2));
    }
}
