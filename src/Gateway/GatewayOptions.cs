using System.ComponentModel.DataAnnotations;

namespace Decisioning.Gateway;

/// <summary>Settings of the gateway.</summary>
public sealed class GatewayOptions
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Gateway";

    /// <summary>The tenant all customers belong to; letters, digits, dots, dashes. Default: <c>default</c>.</summary>
    [Required, RegularExpression("^[A-Za-z0-9.-]{1,64}$")]
    public string Tenant { get; set; } = "default";

    /// <summary>Requests of one track stream that may wait for their acknowledgement; then the stream pushes back. Default: 64.</summary>
    [Range(1, 1024)]
    public int StreamRequestsInFlightMax { get; set; } = 64;

    /// <summary>How long a caller is told to wait before repeating when the log is away or full. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a watch may lack news before the decision is looked at again, since time alone changes it. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WatchRefresh { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Changes one watch may fall behind before it is ended with RESOURCE_EXHAUSTED. Default: 256.</summary>
    [Range(1, 10_000)]
    public int WatchBacklogMax { get; set; } = 256;

    /// <summary>
    /// Origins whose pages may read answers to a secret key or an employee's token, e.g. <c>https://desk.example.com</c>: scheme, host and
    /// port as browsers send them. Pages with a public key or a visitor's token need not be here: their key says its origins itself.
    /// Default: none.
    /// </summary>
    [MaxLength(100)]
    public IList<string> CorsOrigins { get; } = [];
}
