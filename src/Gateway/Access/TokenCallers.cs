using System.Collections.Frozen;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Engine.Access;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Access;

/// <summary>Who a token's holder is here: its roles give scopes, one of its claims the tenant.</summary>
internal sealed class TokenCallers(IOptions<TokenOptions> tokens, IOptions<GatewayOptions> gateway)
{
    /// <summary>The word in the claim `scope` that makes a token a visitor's own: it is for its `sub` and nobody else.</summary>
    public const string Visitor = "visitor";

    private const int NameCharsMax = 128;
    private const int TenantCharsMax = 64;

    private readonly FrozenDictionary<string, AccessScope> _roles =
        tokens.Value.Roles.ToFrozenDictionary(role => role.Key, role => AccessScopes.TryParse(role.Value, out var scopes) ? scopes : AccessScope.None, StringComparer.Ordinal);

    /// <summary>Judges a token whose signature, issuer, audience and time are right.</summary>
    /// <param name="token">What it says.</param>
    /// <param name="validTo">When it ends.</param>
    public Judgement Judge(ClaimsPrincipal token, DateTime validTo)
    {
        var options = tokens.Value;
        var tenant = options.TenantClaim.Length == 0 ? gateway.Value.Tenant : token.FindFirst(options.TenantClaim)?.Value ?? "";
        if (!IsTenant(tenant))
        {
            return new(null, "TOKEN_WITHOUT_TENANT", $"the token's claim `{options.TenantClaim}` names no tenant; have the issuer add it");
        }

        var subject = token.FindFirst("sub")?.Value ?? "";
        if (subject.Length == 0)
        {
            return new(null, "TOKEN_WITHOUT_SUBJECT", "the token has no `sub`; have the issuer add it");
        }

        // What is more than a visitor's never comes from a token that says it is one.
        var isVisitor = Words(token, "scope").Concat(Words(token, "scp")).Contains(Visitor, StringComparer.Ordinal);
        var scopes = isVisitor
            ? AccessScopes.Public
            : Words(token, options.RolesClaim).Aggregate(AccessScope.None, (sum, role) => sum | _roles.GetValueOrDefault(role));
        return Judgement.Of(new Caller(tenant, scopes, IdOf(token.FindFirst("iss")?.Value, subject), isVisitor || options.ActorClaim.Length == 0 ? "" : NameOf(token.FindFirst(options.ActorClaim)?.Value ?? ""))
        {
            IsPublic = isVisitor,
            VisitorId = isVisitor ? subject : null,
            ValidUntil = new DateTimeOffset(DateTime.SpecifyKind(validTo, DateTimeKind.Utc)),
        });
    }

    private static IEnumerable<string> Words(ClaimsPrincipal token, string claim) =>
        token.FindAll(claim).SelectMany(found => found.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    // Tells two holders apart in logs and limits, and tells nobody who they are.
    private static string IdOf(string? issuer, string subject) =>
        "jwt-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")).AsSpan(0, 6));

    private static string NameOf(string subject) => subject.Length <= NameCharsMax ? subject : subject[..NameCharsMax];

    // As `Decisioning:Gateway:Tenant` may be: above all without a slash, which ends the tenant in a customer's key.
    private static bool IsTenant(string text) => text.Length is > 0 and <= TenantCharsMax && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
