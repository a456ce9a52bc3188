using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>How many silos there are and how they find each other.</summary>
public enum ClusterMode
{
    /// <summary>This one alone.</summary>
    Single,

    /// <summary>Several, whose members PostgreSQL keeps: the one that holds the log.</summary>
    Postgres,
}

/// <summary>Settings of the cluster that the silo is part of.</summary>
public sealed class SiloClusterOptions : IValidatableObject
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Cluster";

    /// <summary>How often a silo may fail to say that it is alive.</summary>
    internal const int AliveMissedMax = 3;

    /// <summary>
    /// <c>single</c>: this silo alone. <c>postgres</c>: all silos with the same <see cref="ClusterId"/> on the same database; needs
    /// <c>Storage:Kind</c> = <c>postgres</c>. Default: <c>single</c>.
    /// </summary>
    public ClusterMode Mode { get; set; }

    /// <summary>Silos with the same id on the same database are one cluster. Up to 150 characters. Default: <c>decisioning</c>.</summary>
    [Required, StringLength(150)]
    public string ClusterId { get; set; } = "decisioning";

    /// <summary>Whose states of grains in the database are this service's; keep it when the cluster's id changes. Up to 150 characters. Default: <c>decisioning</c>.</summary>
    [Required, StringLength(150)]
    public string ServiceId { get; set; } = "decisioning";

    /// <summary>The address at which the other silos reach this one, and on which it listens for them. Default: 127.0.0.1: silos of one host.</summary>
    [Required]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>The port on which the silos meet; clients have no business there. 0 takes a free one. Default: 0.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; }

    /// <summary>The port for Orleans clients outside the silos. Default: 0: none; callers of gRPC need none.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }

    /// <summary>
    /// How long a silo may take to answer another's probe, which is also how often it is probed. Default: 1 second: with the defaults of
    /// <see cref="MissedProbesMax"/> and <see cref="DeathVotes"/> a dead silo is known after 2 seconds at most. Orleans' own default is 5,
    /// and takes 13 to 15.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes that may be missed in a row before a silo is suspected. Default: 2.</summary>
    [Range(1, 100)]
    public int MissedProbesMax { get; set; } = 2;

    /// <summary>
    /// Silos that must suspect one before it counts as dead. Default: 1: the fastest, and one silo whose own network is bad can put the
    /// others out. From four silos on, 2 is the better choice.
    /// </summary>
    [Range(1, 10)]
    public int DeathVotes { get; set; } = 1;

    /// <summary>
    /// How often a silo writes into the database that it is alive. Silos that did not for three times as long are not waited for at a
    /// start. Default: 5 seconds: after a power cut of all silos the first one starts within 15.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan AliveEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections to the database that Orleans may have open at once, beside those of the log. Default: 10.</summary>
    [Range(1, 1000)]
    public int ConnectionsMax { get; set; } = 10;

    /// <summary>How long a silo may be silent in the database before it is not waited for.</summary>
    internal TimeSpan SilentMax => AliveEvery * AliveMissedMax;

    /// <summary><see cref="AdvertisedAddress"/>, read; null when it is none.</summary>
    internal IPAddress? Address => IPAddress.TryParse(AdvertisedAddress, out var address) ? address : null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address is null)
        {
            yield return new($"`{AdvertisedAddress}` is no IP address; give {Section}:{nameof(AdvertisedAddress)} one that the other silos reach");
        }
    }
}

/// <summary>Checks <see cref="SiloClusterOptions"/> before the host starts.</summary>
[OptionsValidator]
public sealed partial class SiloClusterOptionsValidator : IValidateOptions<SiloClusterOptions>;
