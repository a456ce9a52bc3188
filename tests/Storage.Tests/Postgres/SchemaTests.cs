using Decisioning.Engine.Customers;
using Decisioning.Storage.Postgres;
using Decisioning.Tests.Shared;

namespace Decisioning.Storage.Tests.Postgres;

/// <summary>What is found on the server when a store opens, and what of the outside world its text columns must bear.</summary>
public sealed class SchemaTests : IDisposable
{
    private readonly TestSchema _schema = new();

    [Fact]
    public async Task Silos_that_start_at_once_make_the_schema_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            using var meter = new StorageMeter(null);
            using var database = new PostgresDatabase(_schema.Options.Postgres);
            database.Prepare(TimeSpan.Zero);
        })));

        Assert.Equal((long)PostgresMigrator.Newest, _schema.Execute("SELECT count(*) FROM schema_version"));
    }

    [Fact]
    public void A_newer_schema_is_refused_and_left_as_it_is()
    {
        _schema.Open().Dispose();
        _schema.Execute("INSERT INTO schema_version (version, name) VALUES (999, 'later')");

        var refusal = Assert.Throws<StoreRefusedException>(() => _schema.Open());

        Assert.Contains($"schema `{_schema.Name}`", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"has version 999, this program knows versions up to {PostgresMigrator.Newest}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_with_another_programs_tables_is_refused_and_left_as_it_is()
    {
        _schema.Execute($"CREATE SCHEMA {_schema.Name}; CREATE TABLE {_schema.Name}.customer (name text)");

        var refusal = Assert.Throws<StoreRefusedException>(() => _schema.Open());

        Assert.Contains("`Storage:Postgres:Schema`", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1L, _schema.Execute($"SELECT count(*) FROM pg_class WHERE relnamespace = '{_schema.Name}'::regnamespace AND relkind = 'r'"));
    }

    [Theory]
    [InlineData(";Database=not_there", "`createdb`")]
    [InlineData(";Host=127.0.0.1;Port=1", "no server answers")]
    [InlineData(";Username=not_there_either", "`Username` and `Password`")]
    [InlineData(";Colour=blue", "cannot be read")]
    public void What_is_wrong_with_the_connection_string_is_said_with_its_cure_and_without_the_password(string wrong, string cure)
    {
        _schema.Options.Postgres.ConnectionString += ";Password=secret" + wrong;
        _schema.Options.Postgres.StartWaitMax = TimeSpan.Zero;

        var refusal = Assert.Throws<StoreRefusedException>(() => _schema.Open());

        Assert.Contains(cure, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off", "on")]
    [InlineData("local", "local")]
    public async Task Whatever_is_committed_is_on_the_disk_before_it_is_answered(string byDefault, string used)
    {
        _schema.Options.Postgres.ConnectionString += $";Options=-c synchronous_commit={byDefault}";
        using var database = new PostgresDatabase(_schema.Options.Postgres);

        await using var reader = await database.OpenReaderAsync(CancellationToken.None);
        await using var writer = database.OpenWriter();

        Assert.All([reader, writer], connection =>
        {
            using var command = new Npgsql.NpgsqlCommand("SHOW synchronous_commit", connection);
            Assert.Equal(used, command.ExecuteScalar());
        });
    }

    [Fact]
    public async Task A_wrong_password_is_said_so()
    {
        TestPostgres.RequireInstalled();
        using var server = PostgresServer.Start(sync: false);
        using var schema = new TestSchema(server.ConnectionString);
        schema.Execute("CREATE ROLE locked LOGIN PASSWORD 'right'; GRANT CREATE ON DATABASE postgres TO locked");
        schema.Options.Postgres.ConnectionString += ";Username=locked;Password=wrong";

        Assert.Contains("`Username` and `Password`", Assert.Throws<StoreRefusedException>(() => schema.Open()).Message, StringComparison.Ordinal);

        schema.Options.Postgres.ConnectionString = schema.Options.Postgres.ConnectionString.Replace("wrong", "right", StringComparison.Ordinal);
        var log = schema.Open();
        Assert.Equal(AppendResult.Done, await log.AppendAsync(Samples.Customer(), 0, new Samples(1).Events(0, 1), null, CancellationToken.None));
    }

    [Theory]
    [InlineData("back\\slash")]
    [InlineData("\\u0041")]
    [InlineData("nothing\0inside")]
    [InlineData("half\ud800pair")]
    [InlineData("\udc00")]
    [InlineData("😀 naïve")]
    public async Task Any_customer_id_comes_back_as_it_was_and_is_nobody_elses(string id)
    {
        var (log, key) = (_schema.Open(), CustomerKey.User("default", id));
        await log.AppendAsync(CustomerKey.User("default", "A"), 0, new Samples(1).Events(0, 1), null, CancellationToken.None);

        Assert.Equal(AppendResult.Done, await log.AppendAsync(key, 0, new Samples(2).Events(0, 2), null, CancellationToken.None));

        Assert.Equal(2, (await log.LoadAsync(key, Samples.Start, CancellationToken.None)).Sequence);
        Assert.Equal(["A", id], (await log.KeysAsync("default")).Select(customer => customer.Id));
    }

    [Fact]
    public async Task Publications_of_several_silos_at_once_get_a_version_each_and_equal_ones_share_it()
    {
        IStrategyStore[] silos = [_schema.Open(), _schema.Open(), _schema.Open()];

        var same = await Task.WhenAll(silos.SelectMany(silo => Enumerable.Range(0, 5).Select(_ => PublishAsync(silo, "same"))));
        Assert.All(same, version => Assert.Equal(1, version));

        var different = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => PublishAsync(silos[i % 3], $"hash-{i}")));
        Assert.Equal(Enumerable.Range(2, 30).Select(version => (long)version), different.Order());

        static async Task<long> PublishAsync(IStrategyStore silo, string hash) =>
            (await silo.PublishAsync("default", "retail", hash, [new("s.yaml", hash)], Samples.Start, CancellationToken.None)).Version;
    }

    public void Dispose() => _schema.Dispose();
}
