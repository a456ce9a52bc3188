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

        public Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken) =>
            Next.LoadAsync(customer, now, cancellationToken);

        public Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken) => Next.LoadLogAsync(customer, cancellationToken);

        public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken) =>
            Next.SaveSnapshotAsync(customer, state, cancellationToken);

        public IAsyncEnumerable<CustomerKey> CustomersAsync(string tenant, CustomerKey? after, CancellationToken cancellationToken) =>
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
