using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>Settings of the host. All are in <c>appsettings.json</c> with their defaults; some have a switch, see <see cref="SiloArguments"/>.</summary>
public sealed class SiloOptions
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning";

    /// <summary>The loopback port of gRPC (HTTP/2 cleartext). 0 takes a free one, named in the start line. Default: 5001.</summary>
    [Range(0, 65_535)]
    public int GrpcPort { get; set; } = 5001;

    /// <summary>The loopback port of HTTP/1.1: <c>/healthz</c>, <c>/readyz</c>. 0 takes a free one. Default: 5002.</summary>
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

    /// <summary>How long a stop may take: finishing commits and keeping snapshots. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan StopWaitMax { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Checks <see cref="SiloOptions"/> before the host starts.</summary>
[OptionsValidator]
public sealed partial class SiloOptionsValidator : IValidateOptions<SiloOptions>;
