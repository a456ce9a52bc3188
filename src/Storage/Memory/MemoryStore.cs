using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;

namespace Decisioning.Storage.Memory;

/// <summary>
/// A store that forgets when the process ends: for tests, which may make it fail. It holds to the same contract as the
/// databases, and one contract suite says so. Outlives the hosts that use it, as a database does.
/// </summary>
public sealed partial class MemoryStore : ICustomerLog, IDueTable, IDecisionLog, IStrategyStore, IRetention, IKeyStore, IAuditLog, IErasure, IKeptRows, IStoreCondition
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CustomerRows> _customers = new(StringComparer.Ordinal);
    private readonly List<CustomerKey> _order = [];
    private long _lastNumber;
    private readonly List<StoredStrategy> _strategies = [];
    private readonly Queue<StoreFault> _faults = [];

    /// <summary>Makes the next append, question, load or snapshot that no earlier fault takes fail. Faults are taken in order.</summary>
    public void FailNext(StoreFault fault)
    {
        lock (_lock)
        {
            _faults.Enqueue(fault);
        }
    }

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public double Fullness => 0;

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(
        CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        AppendCheck.Check(expectedSequence, events);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var fault = NextFault();
            if (fault == StoreFault.Busy)
            {
                return Task.FromResult<AppendResult>(new AppendResult.Busy(TimeSpan.FromMilliseconds(500)));
            }

            if (fault == StoreFault.BeforeCommit)
            {
                return Task.FromException<AppendResult>(Failed());
            }

            var result = events.IsEmpty ? AppendResult.Done : Append(customer, expectedSequence, events, dueAt);
            return fault == StoreFault.AfterCommit ? Task.FromException<AppendResult>(Failed()) : Task.FromResult(result);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<KnownMessage>> FindMessagesAsync(CustomerKey customer, ImmutableArray<string> messageIds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return NextFault() is not null
                ? Task.FromException<ImmutableArray<KnownMessage>>(Failed())
                : Task.FromResult(_customers.TryGetValue(customer.Value, out var rows) ? rows.Known(messageIds) : []);
        }
    }

    /// <inheritdoc/>
    public Task<CustomerHistory> LoadAsync(CustomerKey customer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return NextFault() is not null ? Task.FromException<CustomerHistory>(Failed())
                : Unreadable(customer) is { } failure ? Task.FromException<CustomerHistory>(failure)
                : Task.FromResult(Load(customer, now));
        }
    }

    /// <inheritdoc/>
    public Task<CustomerHistory> LoadLogAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return NextFault() is not null ? Task.FromException<CustomerHistory>(Failed())
                : Unreadable(customer) is { } failure ? Task.FromException<CustomerHistory>(failure)
                : Task.FromResult(_customers.TryGetValue(customer.Value, out var rows) ? new CustomerHistory(rows.Base, rows.EventsAfter(rows.Base), []) : CustomerHistory.Empty);
        }
    }

    /// <inheritdoc/>
    public Task SaveSnapshotAsync(CustomerKey customer, CustomerState state, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (NextFault() is not null)
            {
                return Task.FromException(Failed());
            }

            if (!_customers.TryGetValue(customer.Value, out var rows) || rows.Events.Count < state.Sequence)
            {
                return Task.FromException(new ArgumentException(
                    $"the state of customer `{customer.Mark}` at sequence {state.Sequence} is ahead of its log", nameof(state)));
            }

            rows.Snapshot = rows.Snapshot is { } kept && kept.Sequence > state.Sequence ? kept : state;
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedCustomer> CustomersAsync(
        string tenant, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListedCustomer[] listed;
        lock (_lock)
        {
            listed = [.. _order.Where(key => key.Tenant == tenant).Select(key => new ListedCustomer(key, _customers[key.Value].Number)).Where(customer => customer.Place > after)];
        }

        foreach (var customer in listed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return customer;
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public bool TryWrite(DecisionRecord record)
    {
        lock (_lock)
        {
            RowsOf(record.Customer).Decisions.Add(record with
            {
                Decision = record.Decision with
                {
                    Items = [.. record.Decision.Items.Select(item => item with { Content = Engine.Values.PropertyMap.Empty, TrackingToken = "" })],
                    Verdicts = [.. record.Decision.Verdicts.Select(verdict => verdict with { Reason = "", Seen = Engine.Values.PropertyMap.Empty, WouldWin = null })],
                    Rules = [],
                },
            });
            return true;
        }
    }

    /// <inheritdoc/>
    public Task<StoredStrategy> PublishAsync(
        string tenant, string name, string hash, ImmutableArray<StrategyFile> files, DateTimeOffset publishedAt, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var latest = _strategies.LastOrDefault(strategy => strategy.Tenant == tenant);
            if (latest?.Hash == hash)
            {
                return Task.FromResult(latest);
            }

            var sorted = files.Sort(static (left, right) => string.CompareOrdinal(left.Path, right.Path));
            var published = new StoredStrategy(tenant, name, (latest?.Version ?? 0) + 1, hash, sorted, publishedAt.ToUniversalTime());
            _strategies.Add(published);
            return Task.FromResult(published);
        }
    }

    /// <inheritdoc/>
    public Task<StoredStrategy?> FindLatestAsync(string tenant, long newerThan, CancellationToken cancellationToken) =>
        FindAsync(s => s.Tenant == tenant && s.Version > newerThan);

    /// <inheritdoc/>
    public Task<StoredStrategy?> FindVersionAsync(string tenant, long version, CancellationToken cancellationToken) =>
        FindAsync(s => s.Tenant == tenant && s.Version == version);

    /// <inheritdoc/>
    public Task<StoredStrategy?> FindHashAsync(string tenant, string hash, CancellationToken cancellationToken) =>
        FindAsync(s => s.Tenant == tenant && s.Hash == hash);

    private static StorageUnavailableException Failed() => new("the store was told to fail");

    private AppendResult Append(CustomerKey customer, long expectedSequence, ImmutableArray<RecordedEvent> events, DateTimeOffset? dueAt)
    {
        var actual = _customers.TryGetValue(customer.Value, out var rows) ? rows.Events.Count : 0;
        if (actual != expectedSequence)
        {
            return new AppendResult.SequenceConflict(actual);
        }

        rows = RowsOf(customer);
        var known = rows.Known(events.Select(recorded => recorded.Event.MessageId));
        if (!known.IsEmpty)
        {
            return new AppendResult.KnownMessages(known);
        }

        foreach (var recorded in events)
        {
            rows.Events.Add(recorded);
            rows.Messages.Add(recorded.Event.MessageId, new(recorded.Event.MessageId, recorded.Sequence, recorded.ContentHash));
        }

        rows.DueAt = dueAt?.ToUniversalTime() ?? rows.DueAt;
        return AppendResult.Done;
    }

    private CustomerHistory Load(CustomerKey customer, DateTimeOffset now)
    {
        if (!_customers.TryGetValue(customer.Value, out var rows))
        {
            return CustomerHistory.Empty;
        }

        var offers = rows.Decisions
            .SelectMany(record => record.Decision.Items.Select(item => new OpenOffer(
                record.Decision.DecisionId, item.Issue, item.Group, item.Action, item.Channel, record.Decision.DecidedAt, item.ExpiresAt)))
            .Where(offer => offer.ExpiresAt > now);
        return new(rows.Snapshot, rows.EventsAfter(rows.Snapshot), [.. offers.TakeLast(Limits.OpenOffersMax)], rows.DueAt);
    }

    private CustomerRows RowsOf(CustomerKey customer)
    {
        if (!_customers.TryGetValue(customer.Value, out var rows))
        {
            rows = new() { Number = ++_lastNumber };
            _customers.Add(customer.Value, rows);
            _order.Add(customer);
        }

        return rows;
    }

    private StoreFault? NextFault() => _faults.TryDequeue(out var fault) ? fault : null;

    private Task<StoredStrategy?> FindAsync(Func<StoredStrategy, bool> which)
    {
        lock (_lock)
        {
            return Task.FromResult(_strategies.LastOrDefault(which));
        }
    }

    private sealed class CustomerRows
    {
        /// <summary>By sequence from 1; null where it is reduced.</summary>
        public List<RecordedEvent?> Events { get; } = [];

        public Dictionary<string, KnownMessage> Messages { get; } = new(StringComparer.Ordinal);

        public List<DecisionRecord> Decisions { get; } = [];

        public CustomerState? Snapshot { get; set; }

        public CustomerState? Base { get; set; }

        public HashSet<long> Damaged { get; } = [];

        public required long Number { get; init; }

        public DateTimeOffset? DueAt { get; set; }

        public ImmutableArray<KnownMessage> Known(IEnumerable<string> messageIds) => [.. messageIds.Where(Messages.ContainsKey).Select(id => Messages[id])];

        public ImmutableArray<RecordedEvent> EventsAfter(CustomerState? state) => [.. Events.Skip((int)(state?.Sequence ?? 0)).Select(recorded => recorded!)];
    }
}

/// <summary>How a store is made to fail.</summary>
public enum StoreFault
{
    /// <summary>It fails and nothing is written.</summary>
    BeforeCommit = 1,

    /// <summary>It fails although everything is written.</summary>
    AfterCommit = 2,

    /// <summary>It is busy: nothing is written, and it says so.</summary>
    Busy = 3,
}
