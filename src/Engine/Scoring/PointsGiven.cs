using System.Collections.Immutable;

namespace Decisioning.Engine.Scoring;

/// <summary>What an entry with a <see cref="PointsCap"/> gave a customer.</summary>
/// <param name="Key">The entry.</param>
/// <param name="Since">When the first of these points were given.</param>
/// <param name="Until">From when on they count no more, and the entry gives anew.</param>
/// <param name="Points">How many since then.</param>
public sealed record PointsGiven(ulong Key, DateTimeOffset Since, DateTimeOffset Until, double Points);

/// <summary>Keeps entries within their caps.</summary>
internal static class PointsLedger
{
    /// <summary>Takes points from what an entry may still give.</summary>
    /// <param name="given">What was given, by key; what counts no more is left out of the result.</param>
    /// <param name="cap">The entry's cap.</param>
    /// <param name="add">The points it would give, above 0.</param>
    /// <param name="now">The instant.</param>
    /// <param name="granted">The points it gives; 0 when the cap is reached.</param>
    public static ImmutableArray<PointsGiven> Take(ImmutableArray<PointsGiven> given, PointsCap cap, double add, DateTimeOffset now, out double granted)
    {
        var next = ImmutableArray.CreateBuilder<PointsGiven>(given.Length + 1);
        PointsGiven? known = null;
        foreach (var entry in given)
        {
            if (entry.Until <= now)
            {
                continue;
            }

            if (entry.Key == cap.Key)
            {
                known = entry;
            }
            else
            {
                next.Add(entry);
            }
        }

        known ??= new(cap.Key, now, now + cap.Within, 0);
        granted = Math.Clamp(cap.AtMost - known.Points, 0, add);
        var at = 0;
        while (at < next.Count && next[at].Key < cap.Key)
        {
            at++;
        }

        next.Insert(at, known with { Points = known.Points + granted });
        return next.DrainToImmutable();
    }
}
