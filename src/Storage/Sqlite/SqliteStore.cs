using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage.Sqlite;

/// <summary>The embedded store: all ports on one SQLite database in the data folder, which it holds until disposed.</summary>
internal sealed partial class SqliteStore : IStore, IDisposable
{
    private const int CustomersPerPage = 1000;

    private readonly DataFolder _folder;
    private readonly StorageMeter _meter;
    private readonly LogWriter _writer;
    private readonly ReaderPool _readers;
    private readonly ILogger _logger;
    private int _disposed;

    /// <exception cref="StoreRefusedException">The data folder cannot be used.</exception>
    public SqliteStore(IOptions<StorageOptions> options, StorageMeter meter, ILogger<SqliteStore> logger)
    {
        _logger = logger;
        _meter = meter;
        _folder = DataFolder.Open(options.Value);
        try
        {
            _writer = new(_folder, options.Value, meter, logger);
            _readers = new(_folder, options.Value.Readers);
            _finishing = Task.Run(FinishErasuresAsync);
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException or InvalidProtocolBufferException or IOException)
        {
            _folder.Dispose();
            throw new StoreRefusedException(
                $"the database in `{_folder.Path}` cannot be read: {(e is SqliteException sqlite ? DataFolder.Explain(sqlite) : e.Message)}", e);
        }
    }

    public Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        AppendCheck.Check(expectedSequence, events);
        return events.IsEmpty
            ? Task.FromResult(AppendResult.Done)
            : _writer.AppendAsync(new AppendWork(customer, expectedSequence, events, dueAt), cancellationToken);
    }

    // The writer has the newest part of the index for itself.
    public Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken) =>
        _writer.DoAsync(new FindWork(customer, messageIds), "the log was not asked: the queue is full; ask again", cancellationToken);

    public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken) =>
        _writer.KeepAsync(new SnapshotWork(customer, state), customer, state, cancellationToken);

    public async Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();

        // Memory first, the database second: an entry leaves memory only after the database has it.
        var head = _writer.FindHead(customer.Value);
        var history = await ReadAsync(reader => Load(reader, head ?? reader.FindHead(customer.Value), now), cancellationToken).ConfigureAwait(false);
        _meter.Loaded(Stopwatch.GetElapsedTime(started));
        return history;
    }

    public async Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        var head = _writer.FindHead(customer.Value);
        return await ReadAsync(reader => LoadLog(reader, head ?? reader.FindHead(customer.Value)), cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<ListedCustomer> CustomersAsync(
        string tenant, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new List<ListedCustomer>();
        var last = after;
        do
        {
            page.Clear();
            last = await ReadAsync(reader => ReadCustomers(reader, tenant, last, page), cancellationToken).ConfigureAwait(false);
            foreach (var customer in page)
            {
                yield return customer;
            }
        }
        while (page.Count == CustomersPerPage);
    }

    public bool CanWrite => _writer.CanWrite;

    public double Fullness => _writer.Fullness;

    public bool TryWrite(DecisionRecord record) => _writer.TryEnqueue(record);

    public async Task<StoredStrategy> PublishAsync(
        string tenant, string name, string hash, ImmutableArray<StrategyFile> files, DateTimeOffset publishedAt, CancellationToken cancellationToken)
    {
        var work = new PublishWork(new StoredStrategy(tenant, name, 0, hash, StrategyFiles.Sort(files), publishedAt.ToUniversalTime()));
        return await _writer.DoAsync(work, "the strategy was not published: the queue is full; publish it again", cancellationToken).ConfigureAwait(false);
    }

    public async Task<StoredStrategy?> FindLatestAsync(string tenant, long newerThan, CancellationToken cancellationToken) =>
        await ReadAsync(reader => StrategyRows.Read(reader.Prepared(Sql.ReadLatestStrategy).Bind(1, tenant).Bind(2, newerThan), tenant), cancellationToken)
            .ConfigureAwait(false);

    public async Task<StoredStrategy?> FindVersionAsync(string tenant, long version, CancellationToken cancellationToken) =>
        await ReadAsync(
            reader => StrategyRows.Read(reader.Prepared(Sql.ReadStrategyVersion).Bind(1, tenant).Bind(2, version), tenant), cancellationToken)
            .ConfigureAwait(false);

    public async Task<StoredStrategy?> FindHashAsync(string tenant, string hash, CancellationToken cancellationToken) =>
        await ReadAsync(reader => StrategyRows.Read(reader.Prepared(Sql.ReadStrategyHash).Bind(1, tenant).Bind(2, hash), tenant), cancellationToken)
            .ConfigureAwait(false);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _finishing.Wait();
            _readers.Dispose();
            _writer.Dispose();
            _folder.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private CustomerHistory Load(LogReader reader, CustomerHead? head, DateTimeOffset now)
    {
        if (head is null)
        {
            return CustomerHistory.Empty;
        }

        var snapshot = reader.ReadSnapshot(head, out var problem);
        if (problem.Length > 0)
        {
            Log.SnapshotNotUsed(_logger, CustomerKey.MarkOf(head.Key), problem);
        }

        snapshot ??= reader.ReadBase(head);

        return new(snapshot, reader.ReadTail(head, snapshot?.Sequence ?? 0), LoadOffers(reader, head, now), reader.ReadDue(head.CustomerId));
    }

    private static CustomerHistory LoadLog(LogReader reader, CustomerHead? head)
    {
        if (head is null)
        {
            return CustomerHistory.Empty;
        }

        var start = reader.ReadBase(head);
        return new(start, reader.ReadTail(head, start?.Sequence ?? 0), []);
    }

    private static ImmutableArray<OpenOffer> LoadOffers(LogReader reader, CustomerHead head, DateTimeOffset now)
    {
        var openAfter = Instants.Write(now);
        if (head.OpenUntil <= openAfter)
        {
            return [];
        }

        var decisions = reader.ReadDecisions(
            head.LastDecision, openAfter, Limits.OpenOffersMax, (payload, isSealed) => DecisionCodec.ReadOpenOffers(head.Key, payload, now, isSealed));
        return DecisionCodec.OpenOffersOf(decisions);
    }

    private static long ReadCustomers(LogReader reader, string tenant, long after, List<ListedCustomer> page)
    {
        var (first, end) = TenantKeys.Of(tenant);
        var statement = reader.Prepared(Sql.ReadCustomers).Bind(1, after).Bind(2, first).Bind(3, end).Bind(4, CustomersPerPage);
        while (statement.Step())
        {
            after = statement.Int(0);
            if (CustomerKey.TryParse(statement.Text(1), out var key))
            {
                page.Add(new(key, after));
            }
        }

        return after;
    }

    private async ValueTask<T> ReadAsync<T>(Func<LogReader, T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _readers.ReadAsync(read, cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            throw new StorageUnavailableException($"the store in `{_folder.Path}` cannot be read: {DataFolder.Explain(e)}", e);
        }
        catch (Exception e) when (Damage.IsOfRow(e) || e is ObjectDisposedException)
        {
            throw Damage.Unreadable(_folder.Path, e);
        }
    }
}
