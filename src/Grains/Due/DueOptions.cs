using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Due;

/// <summary>Settings of what wakes customers when time alone changes something.</summary>
public sealed class DueOptions
{
    /// <summary>The section of the configuration they are read from.</summary>
    public const string Section = "Decisioning:Due";

    /// <summary>How often each part of the due table is looked through; a customer is woken half as late on average. Default: 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a silo makes sure that each part is swept by somebody. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan KeepEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a part stays with a sweeper that is not heard of; another takes it over then. Default: 15 seconds, renewed every 5.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan LeaseFor { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Due rows that are read at once. Default: 500 × 100 bytes = 50 KB.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 500;

    /// <summary>Customers that one silo wakes at once, over all its parts. Default: 64: enough to fill a commit, few beside the callers.</summary>
    [Range(1, 10_000)]
    public int WakesAtOnce { get; set; } = 64;

    /// <summary>After how long a customer whose wake failed is tried again; twice as long each time. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time after which a customer whose wake failed is tried again. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RetryAfterMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Wakes that fail in a row before a sweep gives up until the next: the store is down, not the customers. Default: 100.</summary>
    [Range(1, 10_000)]
    public int FailuresInRowMax { get; set; } = 100;

    /// <summary>Customers per part whose failures are remembered; those beyond are tried again in every sweep. Default: 10,000 × 100 bytes = 1 MB.</summary>
    [Range(1, 1_000_000)]
    public int FailedMax { get; set; } = 10_000;

    /// <summary>
    /// Events older than this are history that is brought in: their customer is not woken until none came for as long, so that nothing
    /// happens as of today between two events of years ago. Default: 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan QuietAfterHistory { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A customer who was only woken leaves memory at once unless due again so soon. Default: 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan StayFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Within how long every customer is looked at when a new version of the strategy comes into force. Default: 1 hour: a million customers are 280 a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan SpreadOver { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The most between one customer and the next when they are looked at for a new version: small stores are done sooner. Default: 2 ms, 500 a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SpreadEach { get; set; } = TimeSpan.FromMilliseconds(2);
}

/// <summary>Checks <see cref="DueOptions"/> when the host starts.</summary>
[OptionsValidator]
public sealed partial class DueOptionsValidator : IValidateOptions<DueOptions>;
