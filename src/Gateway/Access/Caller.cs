using System.Security.Claims;
using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Access;

/// <summary>Who calls and what it may do. One is made per key, not per call.</summary>
public sealed class Caller
{
    /// <summary>The id of the caller that <see cref="OpenAccess"/> lets in without a credential.</summary>
    public const string LocalId = "local";

    private readonly ClaimsPrincipal _principal;

    /// <summary>Makes a caller.</summary>
    /// <param name="tenant">Whose customers and strategies it works with; nothing leads it to another's.</param>
    /// <param name="scopes">What it may do; completed by what these include.</param>
    /// <param name="keyId">Names the credential in logs, limits and the audit log; never the secret, never a person.</param>
    /// <param name="name">What its owner calls the key, or whom a token is about: for the audit log, not for logs.</param>
    public Caller(string tenant, AccessScope scopes, string keyId, string name)
    {
        (Tenant, Scopes, KeyId, Name) = (tenant, scopes.Expanded(), keyId, name);
        _principal = new ClaimsPrincipal(new CallerIdentity(this));
    }

    /// <summary>Whose customers and strategies it works with.</summary>
    public string Tenant { get; }

    /// <summary>What it may do, with everything that includes.</summary>
    public AccessScope Scopes { get; }

    /// <summary>Names the credential; <see cref="LocalId"/> for open access.</summary>
    public string KeyId { get; }

    /// <summary>What its owner calls the key, or whom a token is about.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether the credential is in a visitor's hands: a website's key or a visitor's token. Such a caller sees neither reasons nor
    /// profiles, and what it says about who is who is not verified.
    /// </summary>
    public bool IsPublic { get; init; }

    /// <summary>The only user that a visitor's token may ask for; null for every other credential.</summary>
    public string? VisitorId { get; init; }

    /// <summary>When its credential ends by itself; null for a key, which is looked up again and again, and for open access.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Whether it may do all of what is asked.</summary>
    public bool May(AccessScope scopes) => (Scopes & scopes) == scopes;

    /// <summary>Why it may not ask for a customer, with the cure; null when it may.</summary>
    public string? RefusesToAsk(CustomerKey customer) => !IsPublic ? null
        : VisitorId is not null ? !customer.IsUser || customer.Id != VisitorId ? "a visitor's token asks for its own `user_id` only" : null
        : customer.IsAnonymous ? null : "a public key asks for an `anonymous_id` only; ask for a `user_id` with a secret key or a visitor's token";

    /// <summary>As the server's authentication holds it.</summary>
    internal ClaimsPrincipal Principal => _principal;
}

/// <summary>The caller as an identity of the server's authentication.</summary>
internal sealed class CallerIdentity(Caller caller) : ClaimsIdentity("decisioning")
{
    public Caller Caller { get; } = caller;
}

/// <summary>Finds the caller of a request.</summary>
public static class CallerExtensions
{
    /// <summary>The caller; every request that was let in has one, health aside.</summary>
    /// <exception cref="InvalidOperationException">The request was not let in by a credential, nor by open access.</exception>
    public static Caller Caller(this HttpContext context) =>
        context.FindCaller() ?? throw new InvalidOperationException($"`{context.Request.Path}` was called by nobody we know; it must require a scope");

    /// <summary>The caller; null for an open endpoint that was called without a valid credential.</summary>
    public static Caller? FindCaller(this HttpContext context) => (context.User.Identity as CallerIdentity)?.Caller;

    /// <inheritdoc cref="Caller(HttpContext)"/>
    public static Caller Caller(this ServerCallContext context) => context.GetHttpContext().Caller();
}
