namespace Decisioning.Engine.Expressions;

/// <summary>Finds the name that an author probably meant.</summary>
public static class Suggestion
{
    /// <summary>The known name nearest to what was written, or null when none is near: at most a third of its letters differ.</summary>
    public static string? For(string written, IEnumerable<string> known)
    {
        var (best, bestDistance) = ((string?)null, Math.Max(1, written.Length / 3) + 1);
        foreach (var name in known)
        {
            var distance = string.Equals(name, written, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(written, name);
            if (distance < bestDistance || (distance == bestDistance && best is not null && string.CompareOrdinal(name, best) < 0))
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best;
    }

    /// <summary>A sentence end: `; did you mean …?` when a name is near, else the known names when they are few, else nothing.</summary>
    public static string Cure(string written, IEnumerable<string> known)
    {
        var names = known.ToList();
        if (For(written, names) is { } near)
        {
            return $"; did you mean `{near}`?";
        }

        names.Sort(StringComparer.Ordinal);
        return names.Count is > 0 and <= 12 ? $"; known are {string.Join(", ", names.Select(name => $"`{name}`"))}" : "";
    }

    // Insertions, deletions, substitutions and neighbours exchanged each count one.
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > Math.Max(1, a.Length / 3))
        {
            return int.MaxValue;
        }

        var (before, row, next) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = a[i - 1] == b[j - 1];
                next[j] = Math.Min(Math.Min(row[j], next[j - 1]) + 1, row[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
                }
            }

            (before, row, next) = (row, next, before);
        }

        return row[b.Length];
    }
}
