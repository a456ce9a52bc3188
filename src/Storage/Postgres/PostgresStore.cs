using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Decisioning.Storage.Postgres;

/// <summary>All ports on a PostgreSQL server that any number of processes share.</summary>
internal sealed partial class PostgresStore : IStore, IDisposable
{
    private const int CustomersPerPage = 1000;

    private readonly PostgresDatabase _database;
    private readonly PostgresWriter[] _writers;
    private readonly KnownCustomers _customers;
    private readonly StorageMeter _meter;
    private readonly ILogger _logger;
    private int _disposed;

    /// <exception cref="StoreRefusedException">The database cannot be used as it is configured.</exception>
    public PostgresStore(IOptions<StorageOptions> options, StorageMeter meter, ILogger<PostgresStore> logger)
    {
        var postgres = options.Value.Postgres;
        _meter = meter;
        _logger = logger;
        _customers = new(postgres.CustomersKnownMax);
        _database = new(postgres);
        var writers = new List<PostgresWriter>();
        try
        {
            _database.Prepare(postgres.StartWaitMax);
            while (writers.Count < postgres.Writers)
            {
                writers.Add(new(_database, _customers, options.Value, meter, logger));
            }
        }
        catch (Exception e)
        {
            writers.ForEach(writer => writer.Dispose());
            _database.Dispose();
            if (e is NpgsqlException)
            {
                throw new StoreRefusedException($"the database `{_database.Place}` cannot be used: {_database.Explain(e)}", e);
            }

            throw;
        }

        _writers = [.. writers];
        _finishing = Task.Run(FinishErasuresAsync);
        meter.Watch(() => _writers.Sum(writer => writer.WorkWaiting), () => _writers.Sum(writer => writer.DecisionsWaiting));
    }

    public bool CanWrite => Array.TrueForAll(_writers, writer => writer.CanWrite);

    public double Fullness => _writers.Max(writer => writer.Fullness);

    public Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        AppendCheck.Check(expectedSequence, events);
        return events.IsEmpty
            ? Task.FromResult(AppendResult.Done)
            : WriterOf(customer).AppendAsync(new PostgresAppend(customer, expectedSequence, events, dueAt), cancellationToken);
    }

    public async Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken)
    {
        var number = await FindNumberAsync(customer, cancellationToken).ConfigureAwait(false);
        var known = await ReadAsync(
            connection => RowsAsync(
                connection,
                PostgresSql.ReadMessages,
                row => (Place: checked((int)row.GetInt64(0) - 1), EventCodec.ReadKnown(customer.Value, row.GetFieldValue<byte[]>(1)).Known),
                cancellationToken,
                Enumerable.Repeat(number, messageIds.Length).ToArray(),
                messageIds.Select(PostgresAppend.HashOf).ToArray()),
            cancellationToken).ConfigureAwait(false);
        return [.. known.Select(message => new KnownMessage(messageIds[message.Place], message.Known.Sequence, message.Known.ContentHash))];
    }

    public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken) =>
        WriterOf(customer).KeepAsync(new PostgresSnapshot(customer, state), customer, state, cancellationToken);

    public async Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var history = await ReadAsync(connection => LoadAsync(connection, customer, now, cancellationToken), cancellationToken).ConfigureAwait(false);
        _meter.Loaded(Stopwatch.GetElapsedTime(started));
        return history;
    }

    public async Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        var number = await FindNumberAsync(customer, cancellationToken).ConfigureAwait(false);
        var (start, events) = await ReadAsync(connection => WholeLogAsync(connection, customer, number, cancellationToken), cancellationToken).ConfigureAwait(false);
        return start is null && events.IsEmpty ? CustomerHistory.Empty : new(start, events, []);
    }

    public async IAsyncEnumerable<ListedCustomer> CustomersAsync(
        string tenant, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, end) = TenantKeys.Of(StoredKey.Write(tenant));
        var last = after;
        List<(long Number, string Key)> page;
        do
        {
            var from = last;
            page = await ReadAsync(
                connection => RowsAsync(
                    connection, PostgresSql.ReadCustomers, row => (row.GetInt64(0), row.GetString(1)), cancellationToken, from, first, end, CustomersPerPage),
                cancellationToken).ConfigureAwait(false);
            foreach (var (number, stored) in page)
            {
                last = number;
                if (CustomerKey.TryParse(StoredKey.Read(stored), out var customer))
                {
                    yield return new(customer, number);
                }
            }
        }
        while (page.Count == CustomersPerPage);
    }

    public bool TryWrite(DecisionRecord record) => WriterOf(record.Customer).TryEnqueue(record);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            EndErasures();
            foreach (var writer in _writers)
            {
                writer.Dispose();
            }

            _database.Dispose();
            _closing.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // What one customer writes goes through one writer, in its order.
    private PostgresWriter WriterOf(CustomerKey customer) => _writers[(customer.Value.GetHashCode(StringComparison.Ordinal) & int.MaxValue) % _writers.Length];

    private async Task<CustomerHistory> LoadAsync(NpgsqlConnection connection, CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = StoredKey.Write(customer.Value);
        var (number, born) = (0L, 0L);
        byte[]? snapshot = null;
        CustomerState? start = null;
        DateTimeOffset? dueAt = null;
        var tail = ImmutableArray.CreateBuilder<RecordedEvent>();
        var offers = new List<IEnumerable<OpenOffer>>();
        var generation = _customers.Generation;
        await using var command = connection.Command(PostgresSql.Load, key, Instants.Write(now), Limits.OpenOffersMax);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var value = reader.GetInt64(1);
                switch (reader.GetInt32(0))
                {
                    case 0:
                        number = value;
                        break;
                    case 1:
                        snapshot = reader.GetFieldValue<byte[]>(2);
                        break;
                    case 2:
                        tail.Add(EventCodec.Read(customer.Value, reader.GetFieldValue<byte[]>(2)));
                        break;
                    case 3:
                        offers.Add(DecisionCodec.ReadOpenOffers(customer.Value, reader.GetFieldValue<byte[]>(2), now));
                        break;
                    case 4:
                        dueAt = Instants.Read(value);
                        break;
                    case 5:
                        start = ReadBase(customer, reader.GetFieldValue<byte[]>(2));
                        break;
                    default:
                        born = value;
                        break;
                }
            }
        }

        if (number == 0)
        {
            return CustomerHistory.Empty;
        }

        // What is decided for this customer from here on is not of before the erasure that its row tells of.
        _customers.Advance(born);
        if (snapshot is not null || start is not null || tail.Count > 0)
        {
            // The row of a customer with nothing may not be on the disk yet, see KnownCustomers.
            _customers.Keep(key, new KnownCustomer(number, born), generation).See(tail.Count > 0 ? tail[^1].Sequence : 0);
        }

        CustomerState? state = null;
        if (snapshot is not null && !SnapshotCodec.TryRead(customer.Value, snapshot, out state, out var problem))
        {
            state = null;
            Log.SnapshotNotUsed(_logger, customer.Mark, problem);
            var log = await WholeLogAsync(connection, customer, number, cancellationToken).ConfigureAwait(false);
            return new(log.Base, log.Events, DecisionCodec.OpenOffersOf(offers), dueAt);
        }

        state ??= start;
        RequireNoGap(customer, state?.Sequence ?? 0, tail);
        return new(state, tail.ToImmutable(), DecisionCodec.OpenOffersOf(offers), dueAt);
    }

    /// <summary>Every event of a customer after a sequence.</summary>
    /// <exception cref="InvalidDataException">The log has a gap.</exception>
    private static async Task<ImmutableArray<RecordedEvent>> EventsAsync(
        NpgsqlConnection connection, CustomerKey customer, long number, long after, CancellationToken cancellationToken)
    {
        var events = await RowsAsync(
            connection, PostgresSql.ReadEvents, row => EventCodec.Read(customer.Value, row.GetFieldValue<byte[]>(1)), cancellationToken, number, after)
            .ConfigureAwait(false);
        RequireNoGap(customer, after, events);
        return [.. events];
    }

    private static void RequireNoGap(CustomerKey customer, long after, IList<RecordedEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Sequence != after + i + 1)
            {
                throw new InvalidDataException($"the log of customer `{customer.Mark}` has no event {after + i + 1}");
            }
        }
    }

    private async ValueTask<long> FindNumberAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        // What is in memory may have been erased by another process.
        var key = StoredKey.Write(customer.Value);
        var found = await ReadAsync(
            connection => RowsAsync(connection, PostgresSql.FindCustomer, row => row.GetInt64(0), cancellationToken, key), cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : long.MaxValue;
    }
}
