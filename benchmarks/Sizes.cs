using System.Globalization;

namespace Decisioning.Benchmarks;

/// <summary>How large a benchmark is, where whoever runs it may say so.</summary>
internal static class Sizes
{
    /// <summary>The numbers of an environment variable, with commas between them.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="unlessGiven">What holds without it; empty for none.</param>
    public static IEnumerable<int> Of(string variable, string unlessGiven) => (Environment.GetEnvironmentVariable(variable) ?? unlessGiven)
        .Split(',', StringSplitOptions.RemoveEmptyEntries).Select(size => int.Parse(size, CultureInfo.InvariantCulture));
}
