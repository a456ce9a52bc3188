using System.ComponentModel.DataAnnotations;
using Decisioning.Storage.Postgres;

namespace Decisioning.Storage;

/// <summary>How a PostgreSQL server is used when <see cref="StorageOptions.Kind"/> says so.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// The server, database and user, as Npgsql writes them: <c>Host=127.0.0.1;Database=decisioning;Username=decisioning;Password=…</c>.
    /// Keep the password out of files: the environment variable <c>Storage__Postgres__ConnectionString</c> or a password file does as well.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema that holds the store's tables and nothing else; made when missing. Default: <c>decisioning</c>.</summary>
    [Required, RegularExpression("[a-z_][a-z0-9_]{0,62}")]
    public string Schema { get; set; } = "decisioning";

    /// <summary>
    /// Connections that commit, each with a thread, the customers divided among them. Two keep the server busy while it
    /// syncs; more make each commit smaller. Default: 2.
    /// </summary>
    [Range(1, 16)]
    public int Writers { get; set; } = 2;

    /// <summary>Connections that load customers and read at once; beyond it reads wait. Default: 8.</summary>
    [Range(1, 256)]
    public int Readers { get; set; } = 8;

    /// <summary>How long a commit or a read may take before it is given up and its connection opened anew. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to try to reach the server at the start: it may start at the same time. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StartWaitMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Customers whose numbers in the database are kept in memory; for others a commit asks first, which is a second round
    /// trip. Default: 500,000 × about 120 bytes = 60 MB when full.
    /// </summary>
    [Range(1_000, 100_000_000)]
    public int CustomersKnownMax { get; set; } = 500_000;

    /// <summary>A connection string for another part of the program that keeps its tables in the same schema: a pool of its own.</summary>
    /// <param name="user">What the server shows as the name of the application.</param>
    /// <param name="connectionsMax">Connections open at once.</param>
    /// <exception cref="StoreRefusedException"><see cref="ConnectionString"/> cannot be read.</exception>
    public string ConnectionStringOf(string user, int connectionsMax)
    {
        var settings = PostgresDatabase.Settings(this);
        (settings.ApplicationName, settings.MaxPoolSize) = (user, connectionsMax);
        return settings.ConnectionString;
    }
}
