using System.Net;
using System.Net.Sockets;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Decisioning.Silo.Tests;

/// <summary>The wait before a silo joins, on the table of members that Orleans keeps.</summary>
public sealed class ClusterEntryTests : IDisposable
{
    private readonly string _schema = TestPostgres.NewSchema();
    private readonly StorageOptions _storage = new();
    private readonly ServiceProvider _services;

    public ClusterEntryTests()
    {
        Use(_storage);
        _services = new ServiceCollection().AddLogging().AddDecisioningStorage(Use).BuildServiceProvider();
        _services.GetRequiredService<ICustomerLog>();

        void Use(StorageOptions options) =>
            (options.Kind, options.Postgres.ConnectionString, options.Postgres.Schema) = (StorageKind.Postgres, TestPostgres.ConnectionString, _schema);
    }

    public void Dispose()
    {
        _services.Dispose();
        Execute($"DROP SCHEMA {_schema} CASCADE");
    }

    [Fact]
    public async Task A_member_that_does_not_answer_is_waited_for_until_it_counts_as_dead()
    {
        var cluster = new SiloClusterOptions { Mode = ClusterMode.Postgres, AliveEvery = TimeSpan.FromMilliseconds(200), ProbeTimeout = TimeSpan.FromMilliseconds(200) };
        AddMember(cluster.ClusterId, Ports.Free(IPAddress.Loopback));

        await new ClusterEntry(cluster, _storage, TimeProvider.System, NullLogger.Instance).WaitAsync(TestContext.Current.CancellationToken);

        Assert.True((TimeSpan)Execute("SELECT now() - iamalivetime FROM orleansmembershiptable")! > cluster.SilentMax);
    }

    [Fact]
    public async Task Members_that_answer_and_those_of_other_clusters_are_not_waited_for()
    {
        using var member = new TcpListener(IPAddress.Loopback, 0);
        member.Start();
        var cluster = new SiloClusterOptions { Mode = ClusterMode.Postgres, AliveEvery = TimeSpan.FromMinutes(5) };
        AddMember(cluster.ClusterId, ((IPEndPoint)member.LocalEndpoint).Port);
        AddMember("another", Ports.Free(IPAddress.Loopback));

        // Were one of them waited for, it would be for a quarter of an hour.
        await new ClusterEntry(cluster, _storage, TimeProvider.System, NullLogger.Instance).WaitAsync(TestContext.Current.CancellationToken);
    }

    private void AddMember(string cluster, int port) => Execute(
        $"""
        INSERT INTO orleansmembershipversiontable (deploymentid) VALUES ('{cluster}');
        INSERT INTO orleansmembershiptable (deploymentid, address, port, generation, siloname, hostname, status, starttime, iamalivetime)
        VALUES ('{cluster}', '127.0.0.1', {port}, 1, 'n', 'h', 3, now(), now())
        """);

    private object? Execute(string sql)
    {
        using var connection = new NpgsqlConnection(_storage.Postgres.ConnectionStringOf("tests", 1));
        connection.Open();
#pragma warning disable CA2100 // Texts of this class only.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
