using Decisioning.Storage.Commits;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Decisioning.Storage.Postgres;

/// <summary>
/// A thread that writes on a connection of its own. What a commit holds goes to the server in one round trip, whatever its
/// size; customers met for the first time cost a second one, which gives them their customers.
/// INVARIANT (single writer): other processes write to the same tables, so of a log only what can never change is remembered
/// from one commit to the next: the keys of the tables decide.
/// </summary>
internal sealed class PostgresWriter : GroupWriter<PostgresBatch>
{
    private readonly PostgresDatabase _database;
    private readonly KnownCustomers _customers;
    private readonly StorageMeter _meter;
    private readonly ILogger _logger;

    private NpgsqlConnection? _connection;
    private PostgresCommit? _commit;

    /// <param name="database">The server.</param>
    /// <param name="customers">What is known of customers, shared by all writers.</param>
    /// <param name="options">What may wait, for all writers together.</param>
    /// <param name="meter">What is measured.</param>
    /// <param name="logger">What is said.</param>
    public PostgresWriter(PostgresDatabase database, KnownCustomers customers, StorageOptions options, StorageMeter meter, ILogger logger)
        : base(options, options.Postgres.Writers, meter, logger, "decisioning log")
    {
        _database = database;
        _customers = customers;
        _meter = meter;
        _logger = logger;
        Start();
    }

    protected override long Generation => _customers.Generation;

    protected override int Commit(IReadOnlyList<Work<PostgresBatch>> work, IReadOnlyList<QueuedDecision> decisions)
    {
        var batch = new PostgresBatch();
        foreach (var piece in work)
        {
            piece.Apply(batch);
        }

        var rows = 0;
        var written = decisions.Select(decision => new PostgresDecision(decision.Record, decision.Generation)).ToList();
        var decisionRows = written;
        var commit = _commit!;
        commit.NumberCustomers(batch, decisionRows);
        do
        {
            var step = batch.Take();
            rows += commit.Write(step, batch, decisionRows, DecisionsMayBeWritten);
            decisionRows = [];
        }
        while (!batch.IsEmpty);

        // Those that an erasure overtook were taken out.
        _meter.DecisionsDropped(decisions.Count - written.Count);
        return rows + written.Count;
    }

    protected override void Open()
    {
        _connection = _database.OpenWriter();
        _customers.Clear(_connection.Number(PostgresSql.ReadGeneration));
        _commit = new(_connection, _customers);
        Log.Connected(_logger, _database.Place, _database.Schema);
    }

    protected override void Close()
    {
        _connection?.Dispose();
        _connection = null;
        _commit = null;
    }

    protected override void Finish() => Log.Disconnected(_logger, _database.Place);

    protected override string Explain(Exception e) => _database.Explain(e);
}
