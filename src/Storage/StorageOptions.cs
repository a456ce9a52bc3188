using System.ComponentModel.DataAnnotations;
using Decisioning.Storage.Postgres;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage;

/// <summary>Where the log is kept and how much may wait for it.</summary>
public sealed class StorageOptions : IValidatableObject
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Storage";

    /// <summary>Which database the store is on. Default: the embedded one.</summary>
    [EnumDataType(typeof(StorageKind))]
    public StorageKind Kind { get; set; } = StorageKind.Sqlite;

    /// <summary>The server, when <see cref="Kind"/> is <see cref="StorageKind.Postgres"/>.</summary>
    [ValidateObjectMembers]
    public PostgresOptions Postgres { get; set; } = new();

    /// <summary>The folder of the embedded database; made when missing. One engine at a time may have it open. Default: <c>data</c> below the working folder.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>Appends that may wait for the writer; beyond it callers wait for a place. Default: 16,384 × 1 KB typical = 16 MB.</summary>
    [Range(1, 1_000_000)]
    public int AppendQueueMax { get; set; } = 16_384;

    /// <summary>How long a caller waits for a place in the queue before it is told that the store is busy. Default: 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan AppendWaitMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Appends of one commit at most. Default: 2,048: beyond about 500 rows a commit costs its rows, not its fsync.</summary>
    [Range(1, 65_536)]
    public int CommitAppendsMax { get; set; } = 2_048;

    /// <summary>Decisions that may wait for the writer; beyond it they are dropped and counted. Default: 8,192 × 2 KB typical = 16 MB.</summary>
    [Range(1, 1_000_000)]
    public int DecisionQueueMax { get; set; } = 8_192;

    /// <summary>
    /// Events whose index entries are kept in memory until they are written sorted. More makes writing cheaper (an index
    /// page is written once for all its new entries) and starting slower (as many events are read again).
    /// Default: 131,072 × about 150 bytes, with the room for the next ones = 20 MB, read in well under a second.
    /// </summary>
    [Range(16, 4_194_304)]
    public int IndexBatch { get; set; } = 131_072;

    /// <summary>Connections that load customers at once; beyond it loads wait. Default: 4.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 4;

    /// <summary>Memory for pages of the database per connection that writes, in MB; a reader gets an eighth. Default: 64.</summary>
    [Range(1, 16_384)]
    public int CacheMegabytes { get; set; } = 64;

    /// <summary>How long what is in the log is kept.</summary>
    [ValidateObjectMembers(typeof(RetentionOptionsValidator))]
    public RetentionOptions Retention { get; set; } = new();

    /// <summary>Where the store is, in words that hold no password.</summary>
    public string Place => Kind == StorageKind.Postgres ? $"{PostgresDatabase.PlaceOf(Postgres)}, schema {Postgres.Schema}" : Path.GetFullPath(DataFolder);

    /// <summary>What the annotations cannot say: a server is needed when the store is to be on one.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind == StorageKind.Postgres && string.IsNullOrWhiteSpace(Postgres.ConnectionString))
        {
            yield return new ValidationResult(
                "`Storage:Postgres:ConnectionString` is needed when `Storage:Kind` is postgres; write it like `Host=127.0.0.1;Database=decisioning;Username=decisioning;Password=…`",
                [nameof(Postgres)]);
        }
    }
}
