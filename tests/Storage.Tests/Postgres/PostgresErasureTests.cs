using Decisioning.Engine.Customers;
using Decisioning.Storage.Postgres;
using Decisioning.Tests.Shared;

namespace Decisioning.Storage.Tests.Postgres;

public sealed class PostgresErasureTests : ErasureContract, IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly PostgresStore _store;

    public PostgresErasureTests() => _store = _schema.Open();

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    protected override IDueTable DueTable => _store;

    protected override IRetention Retention => _store;

    protected override IErasure Erasure => _store;

    protected override IKeptRows Kept => _store;

    protected override Task DamageAsync(CustomerKey customer, long sequence)
    {
        _schema.Execute($"""
            UPDATE event SET payload = set_byte(payload, 9, get_byte(payload, 9) # 4)
            WHERE sequence = {sequence} AND customer_id = (SELECT customer_id FROM customer WHERE key = '{customer}')
            """);
        return Task.CompletedTask;
    }

    protected override Action Decided(DecisionRecord decision)
    {
        // It hears of no erasure before it writes: what it decides then was decided before.
        var other = _schema.Open();
        return () =>
        {
            Assert.True(other.TryWrite(decision));
            other.Dispose();
        };
    }

    [Fact]
    public async Task A_decision_of_another_process_for_who_came_after_an_erasure_is_kept_once_that_was_heard_of()
    {
        var (other, samples) = (_schema.Open(), new Samples(seed: 10));
        await _store.AppendAsync(Samples.Customer(1), 0, samples.Events(0, 5), null, CancellationToken.None);
        await _store.EraseAsync(Samples.Customer(1), CancellationToken.None);
        await _store.AppendAsync(Samples.Customer(1), 0, samples.Events(0, 2), null, CancellationToken.None);

        // Whoever decides for a customer has loaded it.
        await other.LoadAsync(Samples.Customer(1), Samples.Start, CancellationToken.None);
        other.TryWrite(samples.Decision(Samples.Customer(1), "of-after", Samples.Start, Samples.Start.AddDays(1)));
        other.Dispose();

        Assert.Single(await _store.ReadAsync(Samples.Customer(1), CancellationToken.None).ToArrayAsync());
        Assert.Equal(0, _schema.Counted.GetValueOrDefault("decisioning.storage.decisions.dropped"));
    }

    [Fact]
    public async Task A_decision_that_is_dropped_because_its_customer_came_after_an_erasure_in_another_process_tells_of_that()
    {
        var (other, samples) = (_schema.Open(), new Samples(seed: 11));
        await _store.EraseAsync(Samples.Customer(1), CancellationToken.None);
        await _store.AppendAsync(Samples.Customer(1), 0, samples.Events(0, 2), null, CancellationToken.None);

        other.TryWrite(samples.Decision(Samples.Customer(1), "perhaps-of-before", Samples.Start, Samples.Start.AddDays(1)));
        await Eventually.HoldsAsync(() => _schema.Counted.GetValueOrDefault("decisioning.storage.decisions.dropped") == 1);
        other.TryWrite(samples.Decision(Samples.Customer(1), "of-after", Samples.Start, Samples.Start.AddDays(1)));
        other.Dispose();

        Assert.Equal("of-after", Assert.Single(await _store.ReadAsync(Samples.Customer(1), CancellationToken.None).ToArrayAsync()).Decision.DecisionId);
    }

    [Fact]
    public async Task Another_process_that_remembers_the_customers_number_cannot_write_to_what_is_erased()
    {
        var (other, customer, samples) = (_schema.Open(), Samples.Customer(), new Samples(seed: 3));
        await _store.AppendAsync(customer, 0, samples.Events(0, 5), null, CancellationToken.None);

        // The other one learns the number, and that the fifth event is there.
        await other.AppendAsync(customer, 5, samples.Events(5, 1), null, CancellationToken.None);
        await _store.EraseAsync(customer, CancellationToken.None);

        other.TryWrite(samples.Decision(customer, "of-before", Samples.Start, Samples.Start.AddDays(1)));
        var appended = await other.AppendAsync(customer, 6, samples.Events(6, 1), Samples.Start, CancellationToken.None);

        Assert.Equal(0, Assert.IsType<AppendResult.SequenceConflict>(appended).ActualSequence);
        other.Dispose();
        foreach (var table in new[] { "customer", "event", "decision", "snapshot", "base", "due" })
        {
            Assert.Equal((table, 0L), (table, _schema.Execute($"SELECT count(*) FROM {table}")));
        }
    }

    [Fact]
    public async Task A_decision_that_waited_in_another_process_while_its_customer_was_erased_brings_nobody_back()
    {
        var (other, samples) = (_schema.Open(), new Samples(seed: 5));
        var (erased, stays, held) = (Samples.Customer(1), Samples.Customer(2), Samples.Customer(3));
        await _store.AppendAsync(erased, 0, samples.Events(0, 5), null, CancellationToken.None);
        await _store.AppendAsync(stays, 0, samples.Events(0, 5), null, CancellationToken.None);

        // The other one's writer waits for whoever adds the same customer; what was decided meanwhile waits behind it.
        using var connection = _schema.Connect();
        using var transaction = await connection.BeginTransactionAsync();
        using var add = new Npgsql.NpgsqlCommand($"INSERT INTO customer (key) VALUES ('{held}')", connection, transaction);
        await add.ExecuteNonQueryAsync();
        var appending = other.AppendAsync(held, 0, samples.Events(0, 1), null, CancellationToken.None);
        while (Convert.ToInt64(_schema.Execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO customer%' AND pid <> pg_backend_pid()"), null) == 0)
        {
            Assert.False(appending.IsCompleted, "the other process did not wait");
        }

        Assert.True(other.TryWrite(samples.Decision(erased, "of-the-erased", Samples.Start, Samples.Start.AddDays(1))));
        Assert.True(other.TryWrite(samples.Decision(stays, "of-who-stays", Samples.Start, Samples.Start.AddDays(1))));
        await _store.EraseAsync(erased, CancellationToken.None);
        await transaction.RollbackAsync();
        Assert.Equal(AppendResult.Done, await appending);
        other.Dispose();

        Assert.Equal([stays, held], await _store.KeysAsync("default"));
        Assert.Single(await _store.ReadAsync(stays, CancellationToken.None).ToArrayAsync());
        Assert.Equal(1L, _schema.Execute("SELECT count(*) FROM decision"));
    }

    [Fact]
    public async Task A_decision_of_a_process_that_has_not_heard_of_an_erasure_brings_nobody_back()
    {
        var (other, samples) = (_schema.Open(), new Samples(seed: 6));
        await _store.AppendAsync(Samples.Customer(), 0, samples.Events(0, 5), null, CancellationToken.None);
        await _store.EraseAsync(Samples.Customer(), CancellationToken.None);

        other.TryWrite(samples.Decision(Samples.Customer(), "of-before", Samples.Start, Samples.Start.AddDays(1)));
        other.Dispose();

        Assert.Empty(await _store.KeysAsync("default"));
        Assert.Equal(0L, _schema.Execute("SELECT count(*) FROM decision"));
    }

    [Fact]
    public async Task A_decision_for_a_new_customer_is_kept_when_another_was_erased_before()
    {
        var samples = new Samples(seed: 7);
        await _store.AppendAsync(Samples.Customer(1), 0, samples.Events(0, 5), null, CancellationToken.None);
        await _store.EraseAsync(Samples.Customer(1), CancellationToken.None);

        _store.TryWrite(samples.Decision(Samples.Customer(2), "first-call", Samples.Start, Samples.Start.AddDays(1)));
        _store.Dispose();

        using var reopened = _schema.Open();
        Assert.Single(await reopened.ReadAsync(Samples.Customer(2), CancellationToken.None).ToArrayAsync());
        Assert.Equal(0, _schema.Counted.GetValueOrDefault("decisioning.storage.decisions.dropped"));
    }

    [Fact]
    public async Task A_decision_that_an_erasure_in_another_process_overtook_is_counted_as_dropped()
    {
        var (other, samples) = (_schema.Open(), new Samples(seed: 8));
        await _store.AppendAsync(Samples.Customer(1), 0, samples.Events(0, 5), null, CancellationToken.None);
        await _store.AppendAsync(Samples.Customer(2), 0, samples.Events(0, 5), null, CancellationToken.None);
        await _store.EraseAsync(Samples.Customer(1), CancellationToken.None);

        other.TryWrite(samples.Decision(Samples.Customer(2), "of-who-stays", Samples.Start, Samples.Start.AddDays(1)));
        other.TryWrite(samples.Decision(Samples.Customer(1), "of-the-erased", Samples.Start, Samples.Start.AddDays(1)));
        other.Dispose();

        Assert.Equal(1L, _schema.Execute("SELECT count(*) FROM decision"));
        Assert.Equal(1, _schema.Counted.GetValueOrDefault("decisioning.storage.decisions.dropped"));
    }

    [Fact]
    public async Task A_decision_of_another_process_makes_nobody_who_was_erased_before_there_was_a_row()
    {
        var (other, samples) = (_schema.Open(), new Samples(seed: 9));
        await _store.EraseAsync(Samples.Customer(), CancellationToken.None);

        other.TryWrite(samples.Decision(Samples.Customer(), "of-before", Samples.Start, Samples.Start.AddDays(1)));
        other.Dispose();

        Assert.Empty(await _store.KeysAsync("default"));
    }

    [Fact]
    public async Task Another_process_goes_on_with_the_customer_who_came_back()
    {
        var (other, customer, samples) = (_schema.Open(), Samples.Customer(), new Samples(seed: 4));
        await other.AppendAsync(customer, 0, samples.Events(0, 5), null, CancellationToken.None);
        await _store.EraseAsync(customer, CancellationToken.None);
        await _store.AppendAsync(customer, 0, samples.Events(0, 2), null, CancellationToken.None);

        Assert.Equal(2, (await other.LoadLogAsync(customer, CancellationToken.None)).Sequence);
        Assert.Equal(AppendResult.Done, await other.AppendAsync(customer, 2, samples.Events(2, 1), null, CancellationToken.None));
        await other.SaveSnapshotAsync(customer, samples.State(3), CancellationToken.None);

        Assert.Equal(3, (await _store.LoadAsync(customer, Samples.Start, CancellationToken.None)).Snapshot!.Sequence);
    }

    [Fact]
    public async Task An_erasure_cut_short_leaves_nobody_to_be_found_and_the_next_start_finishes_it()
    {
        var canaries = new Canaries();
        await canaries.FillAsync(_store, _store);

        // As a process leaves it that died after the first step.
        _schema.Execute($"""
            UPDATE customer SET key = '!' || customer_id WHERE key = '{canaries.Customer}';
            DELETE FROM event e USING customer c WHERE e.customer_id = c.customer_id AND c.key LIKE '!%' AND e.sequence < 300;
            UPDATE erasure SET generation = generation + 1
            """);
        Assert.Equal(CustomerHistory.Empty, await _store.LoadAsync(canaries.Customer, Samples.Start, CancellationToken.None));

        Assert.Equal(701, (await _store.EraseAsync(canaries.Customer, CancellationToken.None)).Events);

        Assert.Equal(0L, _schema.Execute("SELECT count(*) FROM customer WHERE key LIKE '!%'"));
        await canaries.AssertOthersAsync(_store);
    }

    [Fact]
    public async Task Nothing_of_an_erased_customer_is_left_in_any_row_nor_in_the_files_when_they_are_written_anew()
    {
        var canaries = new Canaries();
        await canaries.FillAsync(_store, _store);
        _schema.Execute("CHECKPOINT");
        Assert.Equal(Canaries.Count, canaries.FoundIn(Files()));

        await _store.EraseAsync(canaries.Customer, CancellationToken.None);

        // Deleted rows stay while any transaction of the server is older than their end: those of other tests pass.
        var tries = 0;
        do
        {
            foreach (var table in new[] { "customer", "event", "decision", "snapshot", "base", "due" })
            {
                _schema.Execute($"VACUUM FULL {table}");
            }

            _schema.Execute("CHECKPOINT");
        }
        while (canaries.TracesIn(Files()) > 0 && ++tries < 50);

        Assert.Equal(0, canaries.TracesIn(Files()));
        await canaries.AssertOthersAsync(_store);
    }

    public void Dispose() => _schema.Dispose();

    // Tables, what is too long for them, and indexes.
    private string[] Files()
    {
        using var connection = _schema.Connect();
        using var command = new Npgsql.NpgsqlCommand(
            $"""
            WITH t AS (SELECT oid, reltoastrelid FROM pg_class WHERE relnamespace = '{_schema.Name}'::regnamespace AND relkind = 'r'),
            r AS (SELECT oid FROM t UNION SELECT reltoastrelid FROM t WHERE reltoastrelid <> 0),
            f AS (SELECT oid FROM r UNION SELECT indexrelid FROM pg_index WHERE indrelid IN (SELECT oid FROM r))
            SELECT current_setting('data_directory') || '/' || pg_relation_filepath(oid) FROM f
            """,
            connection);
        using var rows = command.ExecuteReader();
        var files = new List<string>();
        while (rows.Read())
        {
            files.Add(rows.GetString(0));
        }

        return [.. files.Where(File.Exists)];
    }
}
