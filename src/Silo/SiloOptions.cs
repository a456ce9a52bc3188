using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>Settings of the host. All are in <c>appsettings.json</c> with their defaults; some have a switch, see <see cref="SiloArguments"/>.</summary>
public sealed class SiloOptions : IValidatableObject
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning";

    /// <summary>What <see cref="Listen"/> is for this machine's own callers only.</summary>
    internal const string Loopback = "loopback";

    /// <summary>What <see cref="Listen"/> is for all addresses of this machine.</summary>
    internal const string Any = "any";

    /// <summary>
    /// Where callers reach the engine: <c>loopback</c>, <c>any</c> for all addresses of this machine, or one of them. Beyond loopback a
    /// certificate is needed, or <see cref="AllowCleartext"/>. Default: <c>loopback</c>.
    /// </summary>
    [Required]
    public string Listen { get; set; } = Loopback;

    /// <summary>
    /// Whether keys and customers' data may be sent in the clear beyond this machine: right only where something in front ends TLS, and the
    /// network behind it is private. Default: false.
    /// </summary>
    public bool AllowCleartext { get; set; }

    /// <summary>The certificate that callers see.</summary>
    public TlsOptions Tls { get; } = new();

    /// <summary>The port of gRPC: HTTP/2, with a certificate HTTP/1.1 too. 0 takes a free one, named in the start line. Default: 5001.</summary>
    [Range(0, 65_535)]
    public int GrpcPort { get; set; } = 5001;

    /// <summary>The port of HTTP/1.1, with a certificate HTTP/2 too: <c>/healthz</c>, <c>/readyz</c>, tracking, gRPC-Web. 0 takes a free one. Default: 5002.</summary>
    [Range(0, 65_535)]
    public int HttpPort { get; set; } = 5002;

    /// <summary>
    /// The folder whose strategy is in force: published at start and whenever it changes. Empty: the newest published version stays in
    /// force until another is published. Default: empty.
    /// </summary>
    public string StrategyFolder { get; set; } = "";

    /// <summary>How long the strategy's folder must be quiet before it is read again. Default: 250 ms: editors write in several steps.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan StrategyFolderQuiet { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the strategy's folder is looked at where the system reports no changes, such as network drives. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan StrategyFolderPollEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long calls are still taken after a stop was asked for, while <c>/readyz</c> says no already. Default: 0; behind a load balancer, a
    /// little more than it takes to notice.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StopNotice { get; set; }

    /// <summary>How long a stop may take after that: finishing commits and keeping snapshots. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan StopWaitMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary><see cref="Listen"/> as an address; null when it is none.</summary>
    internal IPAddress? Address => Listen switch
    {
        Loopback => IPAddress.Loopback,
        Any => IPAddress.Any,
        _ => IPAddress.TryParse(Listen, out var address) ? address : null,
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address is null)
        {
            yield return new($"`{Listen}` is no address; give {Section}:{nameof(Listen)} `loopback`, `any`, or an IP address of this machine");
        }
        else if (!IPAddress.IsLoopback(Address) && !Tls.IsOn && !AllowCleartext)
        {
            yield return new(
                $"{Section}:{nameof(Listen)} is `{Listen}` and there is no certificate: keys and customers' data would be sent in the clear; set {TlsOptions.Section}:{nameof(TlsOptions.CertificateFile)} and {nameof(TlsOptions.KeyFile)}, or {Section}:{nameof(AllowCleartext)}=true where something in front ends TLS");
        }

        if (Tls.IsOn && TlsCertificate.Mistake(Tls) is { } mistake)
        {
            yield return new(mistake);
        }
    }
}

/// <summary>Checks <see cref="SiloOptions"/> before the host starts.</summary>
[OptionsValidator]
public sealed partial class SiloOptionsValidator : IValidateOptions<SiloOptions>;
