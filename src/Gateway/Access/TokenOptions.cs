using System.ComponentModel.DataAnnotations;
using Decisioning.Engine.Access;

namespace Decisioning.Gateway.Access;

/// <summary>Settings of callers who come with a token of an identity provider (OpenID Connect) instead of a key.</summary>
public sealed class TokenOptions : IValidatableObject
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Access:Jwt";

    /// <summary>
    /// The issuer's address, below which its `.well-known/openid-configuration` is; `https`, or on this machine `http`. Empty: tokens are
    /// not taken. Default: empty.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>What tokens must have as `aud`: they are made for this engine. Needed with <see cref="Authority"/>. Default: empty.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The claim that holds the tenant; a token without it is refused. Empty: all are of <c>Decisioning:Gateway:Tenant</c>. Default: <c>tenant</c>.</summary>
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>The claim that holds the roles: a list, or words separated by spaces. Default: <c>roles</c>.</summary>
    [Required]
    public string RolesClaim { get; set; } = "roles";

    /// <summary>
    /// The claim that stands as the actor's name in the audit log, whose rows stay for ever: best an opaque id that the directory resolves, so that an
    /// auditor finds out who it was and the row names nobody. Empty, or where a token has none: the hash of issuer and `sub` alone. Default: <c>sub</c>.
    /// </summary>
    public string ActorClaim { get; set; } = "sub";

    /// <summary>Which scopes a role gives, e.g. <c>"contact-centre": "agent"</c>; a role that is not here gives none. Default: none.</summary>
    public IDictionary<string, string> Roles { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether tokens are taken.</summary>
    internal bool IsOn => Authority.Length > 0;

    /// <summary>Whether the issuer may be asked without TLS: it is on this machine.</summary>
    internal bool IsLoopback => Uri.TryCreate(Authority, UriKind.Absolute, out var authority) && authority.IsLoopback;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsOn && !(Uri.TryCreate(Authority, UriKind.Absolute, out var authority) && (authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback))))
        {
            yield return new($"`{Authority}` is no address of an issuer; give {Section}:{nameof(Authority)} one that begins with https://");
        }

        if (IsOn && Audience.Length == 0)
        {
            yield return new($"{Section}:{nameof(Audience)} is empty; name what tokens for this engine have as `aud`: else it would take those made for others");
        }

        foreach (var (role, scopes) in Roles)
        {
            if (!AccessScopes.TryParse(scopes, out _))
            {
                yield return new($"{Section}:{nameof(Roles)}:{role} is `{scopes}`; give some of track, decide, agent, author, admin");
            }
        }
    }
}
