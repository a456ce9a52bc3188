namespace Decisioning.Engine.Access;

/// <summary>What a caller may do within its tenant. A flag each; what one includes of the others says <see cref="AccessScopes"/>.</summary>
[Flags]
public enum AccessScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send events and responses.</summary>
    Track = 1,

    /// <summary>Ask for the next best action, and watch it.</summary>
    Decide = 2,

    /// <summary>See a customer's profile; includes <see cref="Track"/> and <see cref="Decide"/>.</summary>
    Agent = 4,

    /// <summary>Read, check and publish strategies, and make history again.</summary>
    Author = 8,

    /// <summary>Manage keys, list, export and erase customers; includes everything else of the tenant.</summary>
    Admin = 16,
}

/// <summary>The scopes' names and what they include.</summary>
public static class AccessScopes
{
    /// <summary>Every scope.</summary>
    public const AccessScope All = AccessScope.Track | AccessScope.Decide | AccessScope.Agent | AccessScope.Author | AccessScope.Admin;

    /// <summary>What a key that stands in a website may have at most.</summary>
    public const AccessScope Public = AccessScope.Track | AccessScope.Decide;

    private static readonly (string Name, AccessScope Scope)[] Names =
    [
        ("track", AccessScope.Track),
        ("decide", AccessScope.Decide),
        ("agent", AccessScope.Agent),
        ("author", AccessScope.Author),
        ("admin", AccessScope.Admin),
    ];

    /// <summary>The scopes with what they include.</summary>
    public static AccessScope Expanded(this AccessScope scopes) =>
        scopes.HasFlag(AccessScope.Admin) ? All
        : scopes.HasFlag(AccessScope.Agent) ? scopes | AccessScope.Track | AccessScope.Decide
        : scopes;

    /// <summary>The names of the scopes, e.g. <c>track, decide</c>; empty for none.</summary>
    public static string Text(this AccessScope scopes) => string.Join(", ", Names.Where(name => scopes.HasFlag(name.Scope)).Select(name => name.Name));

    /// <summary>Reads names separated by commas or spaces, in any case; false when one is none of ours or there is none.</summary>
    public static bool TryParse(string text, out AccessScope scopes)
    {
        scopes = AccessScope.None;
        foreach (var word in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, scope) = Array.Find(Names, known => string.Equals(known.Name, word, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                return false;
            }

            scopes |= scope;
        }

        return scopes != AccessScope.None;
    }
}
