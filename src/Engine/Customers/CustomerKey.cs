using System.Diagnostics.CodeAnalysis;
using Orleans;

namespace Decisioning.Engine.Customers;

/// <summary>
/// Which customer, as the key of its grain and its log: <c>tenant/u/USER-ID</c> or <c>tenant/a/ANONYMOUS-ID</c>.
/// The tenant comes first, so that no key of one tenant can ever equal one of another.
/// </summary>
[GenerateSerializer, Immutable, Alias("decisioning.customer-key")]
public readonly record struct CustomerKey
{
    private CustomerKey(string value) => Value = value;

    /// <summary>The key's text.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>The owner of the customer.</summary>
    public string Tenant => Value[..Value.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Whether the customer is known only by an anonymous id.</summary>
    public bool IsAnonymous => Value[Value.IndexOf('/', StringComparison.Ordinal) + 1] == 'a';

    /// <summary>The user id or anonymous id.</summary>
    public string Id => Value[(Value.IndexOf('/', StringComparison.Ordinal) + 3)..];

    /// <summary>The key of a known customer.</summary>
    /// <exception cref="ArgumentException">The tenant is empty or holds a slash, or the id is empty or too long.</exception>
    public static CustomerKey User(string tenant, string userId) => Make(tenant, "/u/", userId);

    /// <summary>The key of a customer known only by an anonymous id.</summary>
    /// <exception cref="ArgumentException">The tenant is empty or holds a slash, or the id is empty or too long.</exception>
    public static CustomerKey Anonymous(string tenant, string anonymousId) => Make(tenant, "/a/", anonymousId);

    /// <summary>Reads a key back from its text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CustomerKey key)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        var valid = slash > 0 && text!.Length > slash + 3 && (text[slash + 1] is 'u' or 'a') && text[slash + 2] == '/';
        key = valid ? new CustomerKey(text!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static CustomerKey Make(string tenant, string kind, string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (tenant.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"`{tenant}` must not hold a slash", nameof(tenant));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(id.Length, Limits.CustomerIdCharsMax, nameof(id));

        return new(string.Concat(tenant, kind, id));
    }
}
