using System.Collections.Immutable;
using Orleans;

namespace Decisioning.Engine.Access;

/// <summary>A key as it is kept: everything but its secret.</summary>
/// <param name="Id">Its id, the part of its text that is no secret; see <see cref="KeyText"/>.</param>
/// <param name="Tenant">Whose it is; it opens nothing of another tenant.</param>
/// <param name="Name">What its owner calls it, up to <see cref="NameCharsMax"/> characters.</param>
/// <param name="Scopes">What its holder may do.</param>
/// <param name="SecretHash">The SHA-256 of its secret, lower-case hex.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">The id of the credential that made it.</param>
[GenerateSerializer, Immutable, Alias("decisioning.access-key")]
public sealed record AccessKey(
    [property: Id(0)] string Id,
    [property: Id(1)] string Tenant,
    [property: Id(2)] string Name,
    [property: Id(3)] AccessScope Scopes,
    [property: Id(4)] string SecretHash,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] string CreatedBy)
{
    /// <summary>Characters of a name.</summary>
    public const int NameCharsMax = 128;

    /// <summary>Origins of one key.</summary>
    public const int OriginsMax = 32;

    /// <summary>Characters of one origin.</summary>
    public const int OriginCharsMax = 256;

    /// <summary>Keys of one tenant, those included that were revoked: they stay, so that their id means nobody else.</summary>
    public const int PerTenantMax = 10_000;

    /// <summary>The origin that stands for all.</summary>
    public const string AnyOrigin = "*";

    /// <summary>Whether it stands in a website or an app, where everybody can read it.</summary>
    [Id(7)]
    public bool IsPublic { get; init; }

    /// <summary>
    /// The pages that a browser may use it from, exactly as browsers say it, e.g. <c>https://shop.example</c>; <c>*</c> for any. None: for a
    /// public key, none; for a secret one, any.
    /// </summary>
    [Id(8)]
    public ImmutableArray<string> Origins { get; init; } = [];

    /// <summary>From when on it is no longer valid; null for never.</summary>
    [Id(9)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked; null when it was not.</summary>
    [Id(10)]
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Whether a browser may use it from a page.</summary>
    /// <param name="origin">The page's origin; null for a call that does not come from a page.</param>
    public bool Allows(string? origin) =>
        origin is null || (Origins.IsEmpty ? !IsPublic : Origins.Contains(AnyOrigin) || Origins.Contains(origin, StringComparer.OrdinalIgnoreCase));

    /// <summary>What is wrong with a key that is to be made, with the cure; null for nothing.</summary>
    /// <param name="now">The present.</param>
    public string? Mistake(DateTimeOffset now) =>
        Name.Length is 0 or > NameCharsMax ? $"`name` has {Name.Length} characters; give it 1 to {NameCharsMax}"
        : Scopes == AccessScope.None || (Scopes & ~AccessScopes.All) != AccessScope.None ? "`scopes` is empty or holds one that is not known; give some of `track`, `decide`, `agent`, `author`, `admin`"
        : IsPublic && (Scopes & ~AccessScopes.Public) != AccessScope.None ? "`scopes` of a public key may be `track` and `decide` only: everybody can read it in the page"
        : ExpiresAt <= now ? "`expires_at` has passed; give an instant to come, or none"
        : Origins.Length > OriginsMax ? $"`origins` has {Origins.Length}; give at most {OriginsMax}"
        : Origins.FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong ? $"`{wrong}` is no origin; give it as browsers do, e.g. `https://shop.example`, or `*` for any"
        : null;

    private static bool IsOrigin(string origin) =>
        origin == AnyOrigin
        || (origin.Length <= OriginCharsMax
            && Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme is ("http" or "https")
            && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase));
}
