using System.Diagnostics;
using Npgsql;

namespace Decisioning.Storage.Postgres;

/// <summary>The server as the store uses it: where it is, how it is reached, and what its errors mean.</summary>
internal sealed class PostgresDatabase : IDisposable
{
    /// <summary>The oldest version the store is tested on.</summary>
    private const int ServerVersionMin = 15;

    private static readonly TimeSpan AwayMin = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlDataSource _readers;
    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private volatile Away? _away;

    /// <exception cref="StoreRefusedException">The connection string cannot be read.</exception>
    public PostgresDatabase(PostgresOptions options)
    {
        var settings = Settings(options);
        Schema = options.Schema;
        Place = PlaceOf(settings);
        _settings = settings;
        _readers = Pool(settings, options.Readers);
        _writers = Pool(settings, options.Writers);
    }

    /// <summary>The schema with the store's tables.</summary>
    public string Schema { get; }

    /// <summary>Server, port and database; for people.</summary>
    public string Place { get; }

    /// <summary>Server, port and database of a connection string.</summary>
    /// <exception cref="StoreRefusedException">It cannot be read.</exception>
    public static string PlaceOf(PostgresOptions options) => PlaceOf(Settings(options));

    /// <summary>Whether the server could not be reached a moment ago.</summary>
    public bool IsAway => _away is { } away && Stopwatch.GetElapsedTime(away.Since) < AwayMin;

    /// <summary>
    /// A connection to read with; waits while all are in use. While the server is away every customer that writes asks to be
    /// loaded: one of them tries, and for a moment the others are told what it found.
    /// </summary>
    public async ValueTask<NpgsqlConnection> OpenReaderAsync(CancellationToken cancellationToken)
    {
        if (IsAway && _away is { } away)
        {
            throw new NpgsqlException(away.Reason.Message, away.Reason.InnerException);
        }

        try
        {
            var connection = await _readers.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            _away = null;
            return connection;
        }
        catch (NpgsqlException e)
        {
            _away = new(e, Stopwatch.GetTimestamp());
            throw;
        }
    }

    /// <summary>Takes the room of deleted rows out of tables and indexes: slowly, on a connection of its own that may take its time.</summary>
    public async Task VacuumAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        foreach (var sql in PostgresSql.Vacuum)
        {
            await using var command = connection.Command(sql);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As the other, at once.</summary>
    public NpgsqlConnection OpenReader() => _readers.OpenConnection();

    /// <summary>Closes the connections to read with that are idle; those in use are closed after it.</summary>
    public void ForgetReaders() => _readers.Clear();

    /// <summary>A connection for a writer, at once.</summary>
    public NpgsqlConnection OpenWriter()
    {
        var connection = _writers.OpenConnection();
        _away = null;
        return connection;
    }

    /// <summary>Reaches the server, makes sure that it can be used, and brings the schema up to date.</summary>
    /// <exception cref="StoreRefusedException">It cannot be used.</exception>
    public void Prepare(TimeSpan waitMax)
    {
        try
        {
            using var connection = Reach(waitMax);
            if (connection.PostgreSqlVersion.Major < ServerVersionMin)
            {
                throw new StoreRefusedException(
                    $"the server at `{Place}` is PostgreSQL {connection.PostgreSqlVersion}; version {ServerVersionMin} or newer is needed");
            }

            PostgresMigrator.Migrate(connection, Schema, Place);
        }
        catch (NpgsqlException e)
        {
            throw new StoreRefusedException($"the database `{Place}` cannot be used: {Explain(e)}", e);
        }
    }

    /// <summary>What an error of the database means to who runs the engine.</summary>
    public string Explain(Exception e) => e switch
    {
        PostgresException server => server.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                "the server refuses the user or the password; correct `Username` and `Password` in `Storage:Postgres:ConnectionString`",
            PostgresErrorCodes.InvalidCatalogName => "there is no such database; make it with `createdb` or correct `Database` in `Storage:Postgres:ConnectionString`",
            PostgresErrorCodes.InsufficientPrivilege => $"the user may not do that ({server.MessageText}); give it the rights, or let it own the schema `{Schema}`",
            PostgresErrorCodes.ReadOnlySqlTransaction => "it only reads, as a standby does; connect to the primary",
            PostgresErrorCodes.DiskFull => "the server's disk is full; make room, writing goes on by itself",
            PostgresErrorCodes.TooManyConnections => "the server has no connection left; raise its `max_connections` or lower `Storage:Postgres:Readers`",
            _ => $"{server.MessageText} (SQLSTATE {server.SqlState})",
        },
        NpgsqlException { InnerException: System.Net.Sockets.SocketException socket } => $"no server answers there ({socket.Message}); start it or correct `Host` and `Port`",
        NpgsqlException { InnerException: TimeoutException } => "the server did not answer in time",
        NpgsqlException { InnerException: { } inner } => $"the connection failed: {inner.Message}",
        _ => e.Message,
    };

    public void Dispose()
    {
        _readers.Dispose();
        _writers.Dispose();
    }

    // Strategies, bases and due rows are committed by the connections that read, too.
    private static NpgsqlDataSource Pool(NpgsqlConnectionStringBuilder settings, int connectionsMax)
    {
        settings.MaxPoolSize = connectionsMax;
        var pool = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        pool.UsePhysicalConnectionInitializer(
            connection => connection.Execute(PostgresSql.Sync),
            async connection =>
            {
                await using var command = connection.Command(PostgresSql.Sync);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            });
        return pool.Build();
    }

    private static string PlaceOf(NpgsqlConnectionStringBuilder settings) => $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";

    /// <summary>How connections are opened: as told, and with what the statements count on.</summary>
    /// <exception cref="StoreRefusedException">The connection string cannot be read.</exception>
    public static NpgsqlConnectionStringBuilder Settings(PostgresOptions options)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new(options.ConnectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The text may hold a password: it is not repeated.
            throw new StoreRefusedException(
                "`Storage:Postgres:ConnectionString` cannot be read; write it like `Host=127.0.0.1;Database=decisioning;Username=decisioning;Password=…`", e);
        }

        if (string.IsNullOrEmpty(settings.Host))
        {
            throw new StoreRefusedException("`Storage:Postgres:ConnectionString` names no server; add `Host=…`");
        }

        settings.SearchPath = options.Schema;
        settings.CommandTimeout = (int)options.CommandTimeout.TotalSeconds;
        settings.MaxAutoPrepare = 50;
        settings.AutoPrepareMinUsages = 2;
        settings.Enlist = false;

        // What is set here stays for the life of a connection; nothing changes it, so nothing need be reset between uses.
        settings.NoResetOnClose = true;
        settings.ApplicationName ??= "decisioning";

        // Every statement finds its rows by an index. While a table is new its statistics may say that reading all of it is
        // cheaper, and a plan made then would stay while the table grows.
        settings.Options = $"{settings.Options} -c enable_seqscan=off -c jit=off -c max_parallel_workers_per_gather=0 -c default_transaction_isolation=read\\ committed".TrimStart();
        return settings;
    }

    // A server that is starting, or starts at the same time as this program, is waited for.
    private NpgsqlConnection Reach(TimeSpan waitMax)
    {
        var until = Environment.TickCount64 + (long)waitMax.TotalMilliseconds;
        while (true)
        {
            try
            {
                return _writers.OpenConnection();
            }
            catch (NpgsqlException e) when (e.IsTransient && Environment.TickCount64 < until)
            {
                Thread.Sleep(100);
            }
        }
    }

    private sealed record Away(NpgsqlException Reason, long Since);
}
