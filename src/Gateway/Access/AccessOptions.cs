using System.ComponentModel.DataAnnotations;

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
public sealed class AccessOptions
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
    /// Keys remembered at once, those that do not exist included; when full, all are forgotten. Default: 10,000, about 4 MB: also a caller
    /// who tries keys out makes no more.
    /// </summary>
    [Range(100, 1_000_000)]
    public int KeysCachedMax { get; set; } = 10_000;
}
