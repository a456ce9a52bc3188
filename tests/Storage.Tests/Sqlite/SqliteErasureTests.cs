using Decisioning.Engine.Customers;
using Decisioning.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

public sealed class SqliteErasureTests : ErasureContract, IDisposable
{
    private readonly TestStore _test = new();
    private readonly SqliteStore _store;

    public SqliteErasureTests()
    {
        // Heads and message ids move from memory to the tables all the time.
        _test.Options.IndexBatch = 100;
        _store = _test.Open();
    }

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    protected override IDueTable DueTable => _store;

    protected override IRetention Retention => _store;

    protected override IErasure Erasure => _store;

    protected override IKeptRows Kept => _store;

    protected override async Task DamageAsync(CustomerKey customer, long sequence)
    {
        using var connection = new SqliteConnection($"Data Source={_test.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT e.position, e.payload FROM event e JOIN customer c USING (customer_id) WHERE c.key = $key AND e.sequence = $sequence";
        command.Parameters.AddWithValue("$key", customer.Value);
        command.Parameters.AddWithValue("$sequence", sequence);
        long position;
        byte[] payload;
        using (var row = await command.ExecuteReaderAsync())
        {
            Assert.True(row.Read());
            (position, payload) = (row.GetInt64(0), row.GetFieldValue<byte[]>(1));
        }

        payload[9] ^= 4;
        command.CommandText = $"UPDATE event SET payload = $payload WHERE position = {position}";
        command.Parameters.AddWithValue("$payload", payload);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }
}

/// <summary>What is on the disk after an erasure, byte by byte, and after one that was cut short.</summary>
public sealed class SqliteErasureDiskTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestStore _test = new();
    private readonly Canaries _canaries = new();

    [Fact]
    public async Task Nothing_of_an_erased_customer_is_left_in_any_byte_of_the_database_and_its_log()
    {
        using (var store = _test.Open())
        {
            await _canaries.FillAsync(store, store);
            Assert.Equal(Canaries.Count, _canaries.FoundIn(Files()));

            await store.EraseAsync(_canaries.Customer, CancellationToken.None);

            Assert.Equal(0, _canaries.FoundIn(Files()));
            Assert.Equal(0, _canaries.TracesIn(Files()));
            await _canaries.AssertOthersAsync(store);
        }

        Assert.Equal(0, _canaries.TracesIn(Files()));
        using var again = _test.Open();
        Assert.Equal(CustomerHistory.Empty, await again.LoadAsync(_canaries.Customer, Samples.Start, CancellationToken.None));
        await _canaries.AssertOthersAsync(again);
    }

    [Fact]
    public async Task An_erasure_cut_short_leaves_nobody_to_be_found_and_the_next_start_finishes_it()
    {
        using (var store = _test.Open())
        {
            await CutShortAsync(store);
        }

        using var crashed = _test.CopyAsCrashed();
        using (var store = crashed.Open())
        {
            Assert.Equal(CustomerHistory.Empty, await store.LoadAsync(_canaries.Customer, Samples.Start, CancellationToken.None));

            // The start is at it: this waits for its end.
            await store.EraseAsync(_canaries.Customer, CancellationToken.None);
            Assert.Equal(0, _canaries.TracesIn(Directory.GetFiles(crashed.Folder)));
            await _canaries.AssertOthersAsync(store);
        }
    }

    [Fact]
    public async Task An_erasure_cut_short_is_finished_by_the_same_request_again()
    {
        using var store = _test.Open();
        await CutShortAsync(store);

        var rest = await store.EraseAsync(_canaries.Customer, CancellationToken.None);

        output.WriteLine($"the rest: {rest}");
        Assert.InRange(rest.Events, 1, Canaries.Count + 20_000);
        Assert.Equal(0, _canaries.TracesIn(Files()));
        await _canaries.AssertOthersAsync(store);
    }

    [Fact]
    public async Task Numbers_are_not_given_again_so_that_a_start_after_a_crash_finds_every_message_id()
    {
        var samples = new Samples(seed: 5);
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(1), 0, samples.Events(0, 10), null, CancellationToken.None);
            await store.AppendAsync(Samples.Customer(2), 0, samples.Events(0, 50), null, CancellationToken.None);
        }

        // All is indexed; what is erased are the newest rows of the log.
        using (var store = _test.Open())
        {
            await store.EraseAsync(Samples.Customer(2), CancellationToken.None);
        }

        var events = samples.Events(0, 20);
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(3), 0, events, null, CancellationToken.None);
            using var crashed = _test.CopyAsCrashed();
            using var again = crashed.Open();
            Assert.Equal(20, (await again.LoadAsync(Samples.Customer(3), Samples.Start, CancellationToken.None)).Sequence);
            Assert.Equal(20, (await again.FindMessagesAsync(Samples.Customer(3), [.. events.Select(e => e.Event.MessageId)], CancellationToken.None)).Length);
        }
    }

    public void Dispose() => _test.Dispose();

    private async Task CutShortAsync(SqliteStore store)
    {
        await _canaries.FillAsync(store, store);
        var more = new Samples(seed: 6);
        await store.AppendAsync(_canaries.Customer, Canaries.Count, more.Events(Canaries.Count, 20_000), null, CancellationToken.None);
        using var cut = new CancellationTokenSource();
        var erasing = store.EraseAsync(_canaries.Customer, cut.Token);
        while ((await store.LoadLogAsync(Samples.Customer(1), CancellationToken.None)).Sequence > 0 && await IsThereAsync(store))
        {
        }

        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => erasing);
    }

    private async Task<bool> IsThereAsync(SqliteStore store) =>
        await store.CustomersAsync(_canaries.Customer.Tenant, 0, CancellationToken.None).AnyAsync(listed => listed.Customer == _canaries.Customer);

    private string[] Files() => Directory.GetFiles(_test.Folder);
}
