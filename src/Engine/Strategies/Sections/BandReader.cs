using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>Reads the bounds that turn a number into a score.</summary>
internal static class BandReader
{
    /// <summary>The bounds, those of a recency in ticks; null after a mistake.</summary>
    public static ImmutableArray<double>? Read(Fields fields, string verb)
    {
        var (mistakes, path) = (fields.Mistakes, fields.PathOf("bands"));
        var before = mistakes.Count;
        var bounds = ImmutableArray.CreateBuilder<double>();
        foreach (var item in Shape.Items(fields["bands"], path, "the bounds", Limits.BandsMax, mistakes))
        {
            var bound = verb == "recency"
                ? Literals.Duration(item, path, mistakes, TimeSpan.FromMinutes(1), TimeSpan.FromDays(Limits.DurationDaysMax))?.Ticks
                : Literals.Number(item, path, mistakes, double.MinValue, double.MaxValue);
            if (bounds.Count > 0 && bound <= bounds[^1])
            {
                mistakes.Add(item.Place, path, "the bounds do not rise; write the lowest first, and none twice");
            }

            bounds.Add(bound ?? double.MaxValue);
        }

        if (bounds.Count == 0 && mistakes.Count == before)
        {
            mistakes.Add(FindingRules.EmptyValue, fields.PlaceOf("bands"), path, "the list of bounds is empty; write some, such as `[1, 2, 5, 10]`, or leave `bands` out");
        }

        return mistakes.Count == before ? bounds.DrainToImmutable() : null;
    }
}
