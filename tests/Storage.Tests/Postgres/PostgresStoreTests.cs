using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Postgres;

namespace Decisioning.Storage.Tests.Postgres;

public sealed class PostgresStoreTests : CustomerLogContract, IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly PostgresStore _store;

    public PostgresStoreTests() => _store = _schema.Open();

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    public void Dispose() => _schema.Dispose();
}

/// <summary>The same asked of two silos on one schema in turn: neither may remember what the other has changed.</summary>
public sealed class PostgresTwoSilosTests : CustomerLogContract, IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly PostgresStore _first;
    private readonly InTurn _both;

    public PostgresTwoSilosTests()
    {
        _schema.Options.Postgres.Writers = 1;
        _first = _schema.Open();
        _both = new(_first, _schema.Open());
    }

    protected override ICustomerLog Log => _both;

    protected override IDecisionLog Decisions => _first;

    public void Dispose() => _schema.Dispose();

    private sealed class InTurn(params ICustomerLog[] silos) : ICustomerLog
    {
        private int _calls;

        private ICustomerLog Next => silos[(uint)Interlocked.Increment(ref _calls) % silos.Length];

        public Task<AppendResult> AppendAsync(
            CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken) =>
            Next.AppendAsync(customer, expectedSequence, events, dueAt, cancellationToken);

        public Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken) =>
            Next.FindMessagesAsync(customer, messageIds, cancellationToken);

        public Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken) =>
            Next.LoadAsync(customer, now, cancellationToken);

        public Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken) => Next.LoadLogAsync(customer, cancellationToken);

        public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken) =>
            Next.SaveSnapshotAsync(customer, state, cancellationToken);

        public IAsyncEnumerable<ListedCustomer> CustomersAsync(string tenant, long after, CancellationToken cancellationToken) =>
            Next.CustomersAsync(tenant, after, cancellationToken);
    }
}

public sealed class PostgresDueTableTests : DueTableContract, IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly PostgresStore _store;

    public PostgresDueTableTests() => _store = _schema.Open();

    protected override ICustomerLog Log => _store;

    protected override IDueTable Due => _store;

    public void Dispose() => _schema.Dispose();
}

public sealed class PostgresStrategyStoreTests : StrategyStoreContract, IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly PostgresStore _store;

    public PostgresStrategyStoreTests() => _store = _schema.Open();

    protected override IStrategyStore Strategies => _store;

    public void Dispose() => _schema.Dispose();
}

public sealed class PostgresAccessStoreTests : AccessStoreContract, IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly PostgresStore _store;

    public PostgresAccessStoreTests() => _store = _schema.Open();

    protected override IKeyStore Keys => _store;

    protected override IAuditLog Audit => _store;

    public void Dispose() => _schema.Dispose();
}

public sealed class PostgresRetentionTests : RetentionContract, IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly PostgresStore _store;

    public PostgresRetentionTests() => _store = _schema.Open();

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    protected override IRetention Retention => _store;

    [Fact]
    public async Task One_silo_at_a_time_has_the_turn_and_it_ends_with_the_silo()
    {
        var other = _schema.Open();
        await using (await _store.TryTakeTurnAsync(CancellationToken.None))
        {
            Assert.Null(await other.TryTakeTurnAsync(CancellationToken.None));
        }

        var turn = await other.TryTakeTurnAsync(CancellationToken.None);
        Assert.NotNull(turn);
        Assert.Null(await _store.TryTakeTurnAsync(CancellationToken.None));

        // Its own lock's holder alone: other tests' silos have locks in the same database. Waited for until it is gone, with its lock.
        _schema.Execute($"SELECT pg_terminate_backend(pid, 60000) FROM pg_locks WHERE locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = hashtextextended('decisioning retention {_schema.Name}', 0)");
        await turn.DisposeAsync();
        await using var again = await _store.TryTakeTurnAsync(CancellationToken.None);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task A_corrupt_newest_snapshot_is_made_again_from_the_base_and_the_events_after_it()
    {
        var (customer, samples) = (Samples.Customer(), new Samples(seed: 91));
        var events = samples.Events(0, 30);
        await _store.AppendAsync(customer, 0, events, dueAt: null, CancellationToken.None);
        await _store.SaveSnapshotAsync(customer, samples.State(25), CancellationToken.None);
        var state = samples.State(20);
        await _store.ReduceAsync(customer, state, upTo: 20, CancellationToken.None);
        foreach (var damage in new[] { "UPDATE snapshot SET payload = 'no snapshot'", "DELETE FROM snapshot" })
        {
            _schema.Execute(damage);

            var history = await _store.LoadAsync(customer, Samples.Start, CancellationToken.None);

            States.AssertEqual(state, history.Snapshot!);
            Assert.Equal(events[20..], history.Tail);
        }

        _schema.Execute("UPDATE base SET payload = 'no base'");
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _store.LoadAsync(customer, Samples.Start, CancellationToken.None));
    }

    public void Dispose() => _schema.Dispose();
}
