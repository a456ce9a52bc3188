using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Decisioning.Gateway.Access;

/// <summary>Whether calls without a credential are let in at all.</summary>
public enum AccessMode
{
    /// <summary>While no key exists and every listener is on loopback, a call without a credential may do everything.</summary>
    Auto,

    /// <summary>Every call needs a credential.</summary>
    Required,
}

/// <summary>Settings of who may do what.</summary>
public sealed class AccessOptions : IValidatableObject
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Access";

    /// <summary>
    /// <c>auto</c>: a call without a credential is let in while no key exists and every listener is on loopback. <c>required</c>: it
    /// never is. Default: <c>auto</c>.
    /// </summary>
    [EnumDataType(typeof(AccessMode))]
    public AccessMode Mode { get; set; }

    /// <summary>
    /// How long a key is taken for what it was when last looked up: a key that is revoked works for so long at most. Default: 5
    /// seconds, at most 5 too.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan KeyCacheFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Keys remembered at once, and beside them as many that were asked for and do not exist; when full, all of the one or the other are
    /// forgotten. As many tokens are known as good until they expire; when full, a token takes the place of another. Default: 10,000, about 4 MB of keys and 1 MB of tokens.
    /// </summary>
    [Range(100, 1_000_000)]
    public int KeysCachedMax { get; set; } = 10_000;

    /// <summary>
    /// Calls per second with a credential that is not valid that an address may make in the long run; with more of them it is told to wait,
    /// and only credentials known to be good are taken from it meanwhile. 0 for no limit. Default: 20: a program with a wrong key that tries again and
    /// again is told so, and 100 addresses cost 2,000 reads a second.
    /// </summary>
    [Range(0, 100_000)]
    public int FailuresPerAddressPerSecond { get; set; } = 20;

    /// <summary>Such calls that may come at once. Default: 200, ten seconds of the rate: as many programs behind one address, each with an old key.</summary>
    [Range(1, 1_000_000)]
    public int FailuresPerAddressBurst { get; set; } = 200;

    /// <summary>
    /// Addresses, or networks such as <c>10.0.0.0/8</c>, of the proxies in front: of calls from these the address is what they say in
    /// <c>X-Forwarded-For</c>. Default: none; then all calls through a proxy are of one address, the proxy's.
    /// </summary>
    public IList<string> Proxies { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Proxies
        .Where(text => Network(text) is null)
        .Select(text => new ValidationResult($"`{text}` is no address and no network; give {Section}:{nameof(Proxies)} such as `10.0.0.7` or `10.0.0.0/8`"));

    /// <summary><see cref="Proxies"/> as networks.</summary>
    internal IEnumerable<IPNetwork> Networks() => Proxies.Select(Network).OfType<IPNetwork>();

    private static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
