using System.Collections.Immutable;
using Decisioning.Engine.Features;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Counts of the same events in windows of different length: what was counted in the last day was counted in the last week too.</summary>
internal sealed class CountWindows
{
    /// <summary>By how much one window must be the longer to hold all of the other: the far edge of a window is exact to 1/64 of its length.</summary>
    private const double LongerBy = 64.0 / 63;

    private readonly Dictionary<string, ImmutableArray<string>> _families = new(StringComparer.Ordinal);

    public CountWindows(Strategy strategy)
    {
        foreach (var alike in strategy.Features.Where(feature => feature.Kind == FeatureKind.Count).GroupBy(Counted, StringComparer.Ordinal))
        {
            var family = ImmutableArray.CreateBuilder<string>();
            var longest = TimeSpan.Zero;
            foreach (var feature in alike.OrderBy(feature => feature.Within ?? TimeSpan.MaxValue))
            {
                if (family.Count == 0 || feature.Within is null || feature.Within >= longest * LongerBy)
                {
                    family.Add($"features.{feature.Name}");
                    longest = feature.Within ?? longest;
                }
            }

            foreach (var name in family)
            {
                _families[name] = family.ToImmutable();
            }
        }
    }

    private static string Counted(Feature feature) => string.Join('\n', feature.Events.Append(feature.Where?.Expression.Text ?? ""));

    /// <summary>The readings that a reading is ordered with, least first; empty for none.</summary>
    public ImmutableArray<string> Of(string reading) => _families.GetValueOrDefault(reading, []);
}
