using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Orleans;

namespace Decisioning.Engine.Customers;

/// <summary>
/// An identity, as the key of its grain and its log: <c>tenant/u/USER-ID</c>, <c>tenant/a/ANONYMOUS-ID</c> or <c>tenant/x/NAMESPACE:ID</c>. Each is a
/// customer of its own until it is linked (<see cref="Linking"/>). The tenant comes first, so that no key of one tenant can ever equal one of another.
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

    /// <summary>Whether it is a known customer's own id.</summary>
    public bool IsUser => Kind == 'u';

    /// <summary>Whether it is an anonymous id.</summary>
    public bool IsAnonymous => Kind == 'a';

    /// <summary>Whether it is an id that another system gave, with its namespace.</summary>
    public bool IsExternal => Kind == 'x';

    private char Kind => Value[Value.IndexOf('/', StringComparison.Ordinal) + 1];

    /// <summary>The user id or anonymous id; of an external one <c>NAMESPACE:ID</c>.</summary>
    public string Id => Value[(Value.IndexOf('/', StringComparison.Ordinal) + 3)..];

    /// <summary>What stands for the customer in logs and reasons, where no id may be: see <see cref="MarkOf"/>.</summary>
    public string Mark => MarkOf(Value);

    /// <summary>
    /// The first 12 hex digits of the SHA-256 of a key's UTF-8 text. Whoever has the key finds what was said of it; the key cannot be read
    /// back from it, though it can be guessed where ids are few.
    /// </summary>
    public static string MarkOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 6));

    /// <summary>The key of a known customer.</summary>
    /// <exception cref="ArgumentException">The tenant is empty or holds a slash, or the id is empty or too long.</exception>
    public static CustomerKey User(string tenant, string userId) => Make(tenant, "/u/", userId);

    /// <summary>The key of a customer known only by an anonymous id.</summary>
    /// <exception cref="ArgumentException">The tenant is empty or holds a slash, or the id is empty or too long.</exception>
    public static CustomerKey Anonymous(string tenant, string anonymousId) => Make(tenant, "/a/", anonymousId);

    /// <summary>The key of an id that another system gave.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="system">The namespace, such as <c>ga_client_id</c>; see <see cref="IsNamespace"/>.</param>
    /// <param name="id">The id, 1 to <see cref="Limits.CustomerIdCharsMax"/> characters.</param>
    /// <exception cref="ArgumentException">The tenant is empty or holds a slash, the namespace is none, or the id is empty or too long.</exception>
    public static CustomerKey External(string tenant, string system, string id)
    {
        if (!IsNamespace(system))
        {
            throw new ArgumentException($"`{system}` is no namespace", nameof(system));
        }

        return Make(tenant, $"/x/{system}:", id);
    }

    /// <summary>Whether a text can be the namespace of external ids: lower-case letters, digits and underscores, 1 to 32 of them.</summary>
    public static bool IsNamespace(string text) => text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>Reads a key back from its text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CustomerKey key)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        var valid = slash > 0 && text!.Length > slash + 3 && (text[slash + 1] is 'u' or 'a' or 'x') && text[slash + 2] == '/';
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
