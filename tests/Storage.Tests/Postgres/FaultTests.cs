using System.Collections.Concurrent;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Postgres;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Decisioning.Storage.Tests.Postgres;

/// <summary>The server fails, or others stand in the way.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly TestSchema _schema = new();
    private readonly Samples _samples = new(seed: 1);

    [Fact]
    public async Task A_connection_cut_during_a_commit_leaves_the_outcome_unknown_and_service_resumes_by_itself()
    {
        _schema.Options.Postgres.Writers = 1;
        var store = _schema.Open();
        await AppendAsync(store, 1, 0);
        Task<AppendResult> append;
        using (var intruder = _schema.Connect())
        {
            Execute(intruder, "BEGIN; LOCK TABLE event IN SHARE MODE");
            append = AppendAsync(store, 1, 1);
            CutWhoWaits(intruder);
            await Assert.ThrowsAsync<StorageUnavailableException>(() => append);
            Assert.Equal(1, (await LoadAsync(store, 1)).Sequence);
            Execute(intruder, "ROLLBACK");
        }

        Assert.Equal(AppendResult.Done, await UntilAnsweredAsync(() => AppendAsync(store, 1, 1)));
        Assert.Equal(2, (await LoadAsync(store, 1)).Sequence);
    }

    [Fact]
    public async Task Decisions_of_a_commit_that_was_cut_are_written_once_when_the_connection_is_back()
    {
        _schema.Options.Postgres.Writers = 1;
        var store = _schema.Open();
        await AppendAsync(store, 1, 0);
        using (var intruder = _schema.Connect())
        {
            // The decision is on the disk, and the commit after it, which the writer takes for the same, is cut.
            Execute(intruder, "BEGIN; LOCK TABLE snapshot IN SHARE MODE");
            store.TryWrite(_samples.Decision(Samples.Customer(1), "kept", Samples.Start, Samples.Start.AddDays(1)));
            var snapshot = store.SaveSnapshotAsync(Samples.Customer(1), new() { Sequence = 1 }, CancellationToken.None);
            CutWhoWaits(intruder);
            await Assert.ThrowsAsync<StorageUnavailableException>(() => snapshot);
            Execute(intruder, "ROLLBACK");
        }

        await UntilAnsweredAsync(() => AppendAsync(store, 1, 1));
        Assert.Equal("kept", Assert.Single(await store.ReadAsync(Samples.Customer(1), CancellationToken.None).ToArrayAsync()).Decision.DecisionId);
        Assert.Equal("kept", Assert.Single((await LoadAsync(store, 1)).OpenOffers).DecisionId);
    }

    [Fact]
    public async Task A_server_that_was_down_is_found_again_with_everything_acknowledged_and_the_decisions_made_meanwhile()
    {
        TestPostgres.RequireInstalled();
        using var server = PostgresServer.Start(sync: true);
        using var schema = new TestSchema(server.ConnectionString);
        var log = new CapturedPostgresLog();
        var store = schema.Open(log);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(AppendResult.Done, await UntilAnsweredAsync(() => AppendAsync(store, 1, round)));
            server.Stop(immediately: round == 0);
            await Assert.ThrowsAsync<StorageUnavailableException>(() => AppendAsync(store, 2, 0));
            await Assert.ThrowsAsync<StorageUnavailableException>(() => LoadAsync(store, 1));
            Assert.True(store.TryWrite(_samples.Decision(Samples.Customer(1), $"d{round}", Samples.Start)));
            server.Start();
            Assert.Equal(round + 1, (await UntilAnsweredAsync(() => LoadAsync(store, 1))).Sequence);
        }

        Assert.Equal(AppendResult.Done, await UntilAnsweredAsync(() => AppendAsync(store, 1, 2)));
        Assert.Equal(["d1", "d0"], (await store.ReadAsync(Samples.Customer(1), CancellationToken.None).ToArrayAsync()).Select(record => record.Decision.DecisionId));
        Assert.Contains(log.Messages, message => message.StartsWith("A commit failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_customer_whose_number_was_lost_in_a_crash_gets_another_and_loses_nothing()
    {
        TestPostgres.RequireInstalled();

        // What does not wait for the disk stays in memory until something does.
        using var server = PostgresServer.Start(sync: true, "wal_writer_delay = 10s");
        using var schema = new TestSchema(server.ConnectionString);
        schema.Options.Postgres.Writers = 1;
        var store = schema.Open();
        Assert.Equal(AppendResult.Done, await UntilAnsweredAsync(() => AppendAsync(store, 1, 0)));
        Task<AppendResult> append;
        using (var intruder = schema.Connect())
        {
            Execute(intruder, "BEGIN; LOCK TABLE event IN SHARE MODE");
            append = AppendAsync(store, 2, 0);
            WaitUntilSomeoneWaits(intruder);
            server.Stop(immediately: true);
        }

        await Assert.ThrowsAsync<StorageUnavailableException>(() => append);
        server.Start();
        Assert.Equal(AppendResult.Done, await UntilAnsweredAsync(() => AppendAsync(store, 3, 0)));
        Assert.Equal(AppendResult.Done, await UntilAnsweredAsync(() => AppendAsync(store, 2, 0)));
        Assert.Equal(1, (await LoadAsync(store, 2)).Sequence);
        Assert.Equal(1, (await LoadAsync(store, 3)).Sequence);
    }

    [Fact]
    public async Task While_commits_are_stuck_the_queue_is_bounded_loads_go_on_and_all_that_was_taken_is_written_in_the_end()
    {
        _schema.Options.Postgres.Writers = 1;
        _schema.Options.AppendQueueMax = 10;
        _schema.Options.AppendWaitMax = TimeSpan.Zero;
        var store = _schema.Open();
        await AppendAsync(store, 0, 0);
        var appends = new List<Task<AppendResult>>();
        using (var intruder = _schema.Connect())
        {
            Execute(intruder, "BEGIN; LOCK TABLE event IN SHARE MODE");
            while (!appends.Any(append => append is { IsCompletedSuccessfully: true, Result: AppendResult.Busy }))
            {
                Assert.True(appends.Count < 10_000, "the queue never filled");
                appends.Add(AppendAsync(store, appends.Count + 1, 0));
            }

            Assert.Equal(1, (await LoadAsync(store, 0)).Sequence);
            Execute(intruder, "ROLLBACK");
        }

        var results = await Task.WhenAll(appends);
        for (var i = 0; i < results.Length; i++)
        {
            Assert.Equal(results[i] == AppendResult.Done ? 1 : 0, (await LoadAsync(store, i + 1)).Sequence);
        }

        Assert.True(results.Count(result => result == AppendResult.Done) >= 10);
    }

    [Fact]
    public async Task A_deadlock_with_another_program_is_tried_again_and_nobody_notices()
    {
        _schema.Options.Postgres.Writers = 1;
        var store = _schema.Open();
        var wasVictim = false;
        for (var sequence = 0L; !wasVictim; sequence += 2)
        {
            Assert.True(sequence < 10, "the store was never the victim");
            using var intruder = _schema.Connect();

            // Whoever waits looks for a deadlock once, after so long: the store after the second that is the server's default.
            Execute(intruder, $"SET deadlock_timeout = '5s'; BEGIN; INSERT INTO event VALUES (1, {sequence + 2}, gen_random_uuid(), '')");
            var append = store.AppendAsync(Samples.Customer(1), sequence, _samples.Events(sequence, 2), null, CancellationToken.None);

            // The store has written its first event and waits with the second; this waits with the first, and gets it if the store gives up.
            WaitUntilSomeoneWaits(intruder);
            try
            {
                Execute(intruder, $"INSERT INTO event VALUES (1, {sequence + 1}, gen_random_uuid(), '')");
                wasVictim = true;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // The machine was too slow to be at it within the second.
            }

            Execute(intruder, "ROLLBACK");
            Assert.Equal(AppendResult.Done, await append);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_due_row_is_not_moved_on_the_word_of_one_who_is_being_overtaken(bool isOvertaken)
    {
        var (customer, seen, later) = (Samples.Customer(1), Samples.Start, Samples.Start.AddDays(1));
        var store = _schema.Open();
        await store.AppendAsync(customer, 0, [_samples.Event(1, "first")], seen, CancellationToken.None);
        Task settle;
        using (var other = _schema.Connect())
        {
            // Another silo's append, not committed yet: it leaves the row, which is early enough for what it brings.
            Execute(other, "BEGIN; INSERT INTO event VALUES (1, 2, gen_random_uuid(), 'x')");
            settle = store.SettleAsync(customer, 1, seen, later, CancellationToken.None);
            Assert.True(SpinWait.SpinUntil(() => settle.IsCompleted || SomeoneWaits(other), TimeSpan.FromSeconds(20)), "it neither waits nor ends");
            Execute(other, isOvertaken ? "COMMIT" : "ROLLBACK");
        }

        await settle;
        Assert.Equal(Instants.Write(isOvertaken ? seen : later), _schema.Execute("SELECT due_at FROM due"));
        Assert.Equal(isOvertaken ? 2L : 1L, _schema.Execute("SELECT count(*) FROM event"));
        Assert.Equal(isOvertaken ? new AppendResult.SequenceConflict(2) : AppendResult.Done, await AppendAsync(store, 1, 1));
    }

    [Fact]
    public async Task Two_silos_that_meet_the_same_customers_at_once_give_each_to_one()
    {
        const int Customers = 500;
        var silos = new[] { _schema.Open(), _schema.Open() };

        // In opposite order, so that each has customers that the other waits for.
        var results = await Task.WhenAll(silos.SelectMany((silo, which) => Enumerable.Range(0, Customers).Select(i => which == 0 ? i : Customers - 1 - i).Select(async i =>
            (Customer: i, Result: await silo.AppendAsync(Samples.Customer(i), 0, [new Samples(which).Event(1)], null, CancellationToken.None)))));

        foreach (var customer in results.GroupBy(result => result.Customer))
        {
            Assert.Single(customer, result => result.Result == AppendResult.Done);
            Assert.Single(customer, result => result.Result == new AppendResult.SequenceConflict(1));
        }

        Assert.Equal(Customers, await silos[0].CustomersAsync("default", 0, CancellationToken.None).CountAsync());
    }

    public void Dispose() => _schema.Dispose();

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static void WaitUntilSomeoneWaits(NpgsqlConnection intruder)
    {
        Assert.True(SpinWait.SpinUntil(() => SomeoneWaits(intruder), TimeSpan.FromSeconds(20)), "nobody waits");
    }

    private static bool SomeoneWaits(NpgsqlConnection intruder)
    {
        using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))", intruder);
        return (long)command.ExecuteScalar()! > 0;
    }

    private static void CutWhoWaits(NpgsqlConnection intruder)
    {
        WaitUntilSomeoneWaits(intruder);
        Execute(intruder, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))");
    }

    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (StorageUnavailableException) when (tries < 1_000_000)
            {
                // The store is not connected yet, and says so at once.
            }
        }
    }

    private Task<AppendResult> AppendAsync(PostgresStore store, int customer, long sequence) => store.AppendAsync(
        Samples.Customer(customer), sequence, [_samples.Event(sequence + 1, $"m-{customer}-{sequence}")], null, CancellationToken.None);

    private static Task<CustomerHistory> LoadAsync(PostgresStore store, int customer) => store.LoadAsync(Samples.Customer(customer), Samples.Start, CancellationToken.None);

    private sealed class CapturedPostgresLog : ILogger<PostgresStore>
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception));
    }
}
