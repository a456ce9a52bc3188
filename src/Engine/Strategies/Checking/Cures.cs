using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Ends of error sentences that say what to do.</summary>
internal static class Cures
{
    private const int ListedMax = 12;

    /// <summary><c>; did you mean `x`?</c>, or <paramref name="otherwise"/> when no name is near.</summary>
    public static string For(string written, IEnumerable<string> known, string otherwise) =>
        Nearest(written, known) is { } near ? $"; did you mean `{near}`?" : otherwise;

    /// <summary>The known name an author may have meant; null when none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> known) =>
        written.Length <= Limits.EventNameCharsMax ? Suggestion.For(written, known) : null;

    /// <summary>The known names; the first twelve when there are many.</summary>
    public static string List(IEnumerable<string> known)
    {
        var names = known.Select(name => $"`{name}`").Take(ListedMax + 1).ToList();
        return names.Count switch
        {
            0 => "none",
            1 => names[0],
            > ListedMax => string.Join(", ", names.Take(ListedMax)) + ", …",
            _ => string.Join(", ", names.Take(names.Count - 1)) + " and " + names[^1],
        };
    }
}
