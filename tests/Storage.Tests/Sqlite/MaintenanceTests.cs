using Decisioning.Storage.Maintenance;
using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>The embedded store looked after from outside: counted, brought up to date, copied and restored.</summary>
public sealed class MaintenanceTests : IDisposable
{
    private readonly TestStore _test = new() { Options = { IndexBatch = 64 } };

    private string Copy => Path.Combine(_test.Folder, "..", Path.GetFileName(_test.Folder) + "-copy.db");

    [Fact]
    public async Task A_copy_made_while_events_are_written_holds_what_was_acknowledged_before_it_and_goes_on()
    {
        using var store = _test.Open();
        await using var underway = new Underway(store);
        for (var round = 0; round < 3; round++)
        {
            var acknowledged = await underway.AcknowledgedAsync();

            var copy = StoreMaintenance.Backup(_test.Options, Copy);

            Assert.InRange(copy.Events, acknowledged.Values.Sum(), long.MaxValue);
            using var restored = new TestStore();
            Directory.CreateDirectory(restored.Folder);
            File.Move(copy.File, restored.Database);
            using var opened = restored.Open();
            await Underway.AssertHoldsAsync(opened, acknowledged);
        }
    }

    [Fact]
    public async Task A_copy_of_a_damaged_store_is_not_kept()
    {
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(), 0, new Samples(1).Events(0, 10), dueAt: null, CancellationToken.None);
        }

        _test.Execute("UPDATE event SET payload = CAST(substr(payload, 1, length(payload) - 1) || x'00' AS BLOB) WHERE position = 7");

        Assert.Contains("position 7", Refusal(() => StoreMaintenance.Backup(_test.Options, Copy)), StringComparison.Ordinal);
        Assert.False(File.Exists(Copy));
        Assert.False(File.Exists(Copy + ".part"));
    }

    [Fact]
    public void A_file_that_is_there_is_never_written_over()
    {
        _test.Open().Dispose();
        File.WriteAllText(Copy, "precious");

        Assert.Contains("is there already", Refusal(() => StoreMaintenance.Backup(_test.Options, Copy)), StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(Copy));
        Assert.Contains("cannot be written", Refusal(() => StoreMaintenance.Backup(_test.Options, Path.Combine(_test.Folder, "no", "such", "folder.db"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_counts_beside_a_running_engine_and_touches_nothing_of_a_closed_one()
    {
        using (var store = _test.Open())
        {
            await store.AppendAsync(Samples.Customer(1), 0, new Samples(1).Events(0, 10), dueAt: Samples.Start, CancellationToken.None);
            await store.AppendAsync(Samples.Customer(2), 0, new Samples(2).Events(0, 3), dueAt: null, CancellationToken.None);
            await store.SaveSnapshotAsync(Samples.Customer(1), new() { Sequence = 10 }, CancellationToken.None);
            AssertCounts(StoreMaintenance.Status(_test.Options));
        }

        var before = _test.Bytes();
        AssertCounts(StoreMaintenance.Status(_test.Options));
        Assert.Equal(before, _test.Bytes());

        static void AssertCounts(StoreStatus status)
        {
            Assert.Equal((SchemaMigrator.Newest, false), (status.Schema, status.IsNewer));
            Assert.Empty(status.Pending);
            Assert.Equal(
                [("customers", 2), ("events", 13), ("decisions", 0), ("snapshots", 1), ("due rows", 1), ("bases", 0), ("strategies", 0), ("keys", 0), ("audit rows", 0)], status.Counts);
            Assert.InRange(status.Bytes, 1, 10_000_000);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void An_older_database_is_counted_as_it_is_and_brought_forward_once(int schema)
    {
        Directory.CreateDirectory(_test.Folder);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "fixtures", $"schema-{schema}", "decisioning.db"), _test.Database);
        _test.Options.DataFolder = _test.Folder;
        var before = _test.Bytes();

        var status = StoreMaintenance.Status(_test.Options);

        Assert.Equal((schema, SchemaMigrator.Newest - schema), (status.Schema, status.Pending.Length));
        Assert.Equal(before, _test.Bytes());
        var (was, after) = StoreMaintenance.Migrate(_test.Options);
        Assert.Equal((schema, SchemaMigrator.Newest), (was.Schema, after.Schema));
        Assert.Equal(after.Schema, StoreMaintenance.Migrate(_test.Options).Before.Schema);
    }

    [Fact]
    public void Migrating_is_refused_while_an_engine_runs()
    {
        using var engine = _test.Open();

        Assert.Contains("stop that one", Refusal(() => StoreMaintenance.Migrate(_test.Options)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_or_not_ours_is_refused_and_left_alone()
    {
        _test.Options.DataFolder = _test.Folder;
        Assert.Contains("there is no database", Refusal(() => StoreMaintenance.Status(_test.Options)), StringComparison.Ordinal);
        Directory.CreateDirectory(_test.Folder);
        _test.Execute("PRAGMA application_id = 7; CREATE TABLE theirs (id INTEGER)");
        var before = _test.Bytes();

        Assert.Contains("of another program", Refusal(() => StoreMaintenance.Status(_test.Options)), StringComparison.Ordinal);
        Assert.Contains("of another program", Refusal(() => StoreMaintenance.Migrate(_test.Options)), StringComparison.Ordinal);
        Assert.Contains("of another program", Refusal(() => StoreMaintenance.Backup(_test.Options, Copy)), StringComparison.Ordinal);
        Assert.Equal(before, _test.Bytes());
    }

    public void Dispose()
    {
        _test.Dispose();
        File.Delete(Copy);
    }

    private static string Refusal(Action action) => Assert.Throws<StoreRefusedException>(action).Message;
}
