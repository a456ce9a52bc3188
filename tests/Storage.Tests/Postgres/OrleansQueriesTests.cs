using System.Data;
using Npgsql;

namespace Decisioning.Storage.Tests.Postgres;

/// <summary>The texts that Orleans' AdoNet providers run, called as these call them: by key, with named and typed parameters.</summary>
public sealed class OrleansQueriesTests : IDisposable
{
    private const int Joining = 2;
    private const int Active = 3;
    private const int Dead = 6;
    private static readonly string[] Keys =
    [
        "CleanupDefunctSiloEntriesKey", "ClearStorageKey", "DeleteMembershipTableEntriesKey", "DeleteReminderRowKey", "DeleteReminderRowsKey",
        "DeleteStorageKey", "GatewaysQueryKey", "InsertMembershipKey", "InsertMembershipVersionKey", "MembershipReadAllKey", "MembershipReadRowKey",
        "ReadFromStorageKey", "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey", "ReadReminderRowsKey", "UpdateIAmAlivetimeKey",
        "UpdateMembershipKey", "UpsertReminderRowKey", "WriteToStorageKey",
    ];

    private readonly TestSchema _schema = new();
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public OrleansQueriesTests()
    {
        _schema.Open();
        using var connection = _schema.Connect();
        using var command = new NpgsqlCommand("SELECT QueryKey, QueryText FROM OrleansQuery", connection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            _texts.Add(reader.GetString(0), reader.GetString(1));
        }
    }

    public void Dispose() => _schema.Dispose();

    [Fact]
    public void Every_query_that_the_packages_look_for_is_there_and_no_other() => Assert.Equal(Keys, _texts.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Of_silos_that_join_from_the_same_version_one_joins()
    {
        Assert.Equal(1, Call("InsertMembershipVersionKey", ("DeploymentId", "c")));
        Assert.Equal(0, Call("InsertMembershipVersionKey", ("DeploymentId", "c")));

        var joined = await Task.WhenAll(Enumerable.Range(1, 8).Select(port => Task.Run(() => (int)Call("InsertMembershipKey", Silo(port, Joining, version: 0))!)));

        Assert.Equal(1, joined.Sum());
        Assert.Equal((1, 1), Members());
        Assert.Equal(0, Call("InsertMembershipKey", Silo(Array.IndexOf(joined, 1) + 1, Joining, version: 1)));
        Assert.Equal((1, 1), Members());
    }

    [Fact]
    public void A_member_changes_only_from_the_version_that_was_read_and_its_change_turns_the_version()
    {
        Call("InsertMembershipVersionKey", ("DeploymentId", "c"));
        Call("InsertMembershipKey", Silo(1, Joining, version: 0));

        Assert.Equal(0, Call("UpdateMembershipKey", Silo(1, Active, version: 0)));
        Assert.Equal(0, Call("UpdateMembershipKey", Silo(2, Active, version: 1)));
        Assert.Equal(1, Call("UpdateMembershipKey", Silo(1, Active, version: 1)));

        var row = Assert.Single(Rows("MembershipReadRowKey", Address(1)));
        Assert.Equal((Active, 2, "127.0.0.1:9@1,now"), (row["Status"], row["Version"], row["SuspectTimes"]));
        Assert.Equal([7], Rows("GatewaysQueryKey", ("DeploymentId", "c"), ("Status", Active)).Select(gateway => gateway["ProxyPort"]));
        var absent = Assert.Single(Rows("MembershipReadRowKey", Address(2)));
        Assert.Equal((null, 2), (absent["StartTime"], absent["Version"]));
    }

    [Fact]
    public void Only_silos_that_are_not_active_are_cleaned_up_once_they_were_silent_for_long()
    {
        Call("InsertMembershipVersionKey", ("DeploymentId", "c"));
        foreach (var (port, status) in new[] { (1, Active), (2, Dead), (3, Dead), (4, Joining) })
        {
            Call("InsertMembershipKey", Silo(port, status, version: port - 1));
        }

        Call("UpdateIAmAlivetimeKey", [.. Address(3), ("IAmAliveTime", DateTime.UtcNow.AddHours(2))]);
        Call("CleanupDefunctSiloEntriesKey", ("DeploymentId", "c"), ("IAmAliveTime", DateTime.UtcNow.AddHours(1)));

        Assert.Equal([1, 3], Rows("MembershipReadAllKey", ("DeploymentId", "c")).Select(row => (int)row["Port"]!).Order());
        Call("DeleteMembershipTableEntriesKey", ("DeploymentId", "c"));
        Assert.Empty(Rows("MembershipReadAllKey", ("DeploymentId", "c")));
    }

    [Theory, InlineData(null), InlineData("text")]
    public async Task Of_activations_that_write_a_state_first_one_writes_whether_the_key_is_a_number_or_a_text(string? text)
    {
        var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(payload => Task.Run(() => Write(text, version: null, (byte)payload))));

        Assert.Equal([1], written.Where(version => version is not null));
        Assert.Equal((1, new[] { (byte)Array.IndexOf(written, 1) }), Read(text));
    }

    [Fact]
    public void A_state_is_written_cleared_and_deleted_only_at_its_version()
    {
        Assert.Null(Read("a"));
        Assert.Equal(1, Write("a", version: null, 1));
        Assert.Equal(1, Write("b", version: null, 9));
        Assert.Equal(2, Write("a", version: 1, 2));
        Assert.Equal(1, Write("a", version: 1, 3));
        Assert.Null(Write("a", version: null, 4));
        Assert.Equal((2, new byte[] { 2 }), Read("a"));

        Assert.Empty(Rows("ClearStorageKey", [.. Key("a"), ("GrainStateVersion", 1)]));
        Assert.Equal(3, Call("ClearStorageKey", [.. Key("a"), ("GrainStateVersion", 2)]));
        Assert.Equal((3, null), Read("a"));
        Assert.Equal(4, Write("a", version: 3, 5));

        Assert.Empty(Rows("DeleteStorageKey", [.. Key("a"), ("GrainStateVersion", 3)]));
        Assert.Equal(5, Call("DeleteStorageKey", [.. Key("a"), ("GrainStateVersion", 4)]));
        Assert.Null(Read("a"));
        Assert.Equal((1, new byte[] { 9 }), Read("b"));
    }

    [Fact]
    public void Reminders_are_found_by_grain_and_by_range_and_removed_only_at_their_version()
    {
        Assert.Equal(0, Remind("g", "n", hash: 5, period: 60_000));
        Assert.Equal(1, Remind("g", "n", hash: 5, period: 90L * 24 * 60 * 60 * 1000));
        Assert.Equal(0, Remind("h", "n", hash: -5, period: 1));

        Assert.Equal(90L * 24 * 60 * 60 * 1000, Assert.Single(Rows("ReadReminderRowKey", ("ServiceId", "s"), ("GrainId", "g"), ("ReminderName", "n")))["Period"]);
        Assert.Equal("n", Assert.Single(Rows("ReadReminderRowsKey", ("ServiceId", "s"), ("GrainId", "g")))["ReminderName"]);
        Assert.Equal(["g"], Range("ReadRangeRows1Key", 4, 5));
        Assert.Equal([], Range("ReadRangeRows1Key", 5, 6));
        Assert.Equal(["g", "h"], Range("ReadRangeRows2Key", 4, -5));
        Assert.Equal(["h"], Range("ReadRangeRows2Key", 5, -4));

        Assert.Equal(0, Call("DeleteReminderRowKey", ("ServiceId", "s"), ("GrainId", "g"), ("ReminderName", "n"), ("Version", 0)));
        Assert.Equal(1, Call("DeleteReminderRowKey", ("ServiceId", "s"), ("GrainId", "g"), ("ReminderName", "n"), ("Version", 1)));
        Call("DeleteReminderRowsKey", ("ServiceId", "s"));
        Assert.Equal([], Range("ReadRangeRows2Key", 0, 0));
    }

    private static (string, object)[] Address(int port) => [("DeploymentId", "c"), ("Address", "127.0.0.1"), ("Port", port), ("Generation", 1)];

    private static (string, object)[] Silo(int port, int status, int version) =>
    [
        .. Address(port), ("SiloName", "n"), ("HostName", "h"), ("Status", status), ("ProxyPort", 7), ("SuspectTimes", "127.0.0.1:9@1,now"),
        ("StartTime", DateTime.UtcNow), ("IAmAliveTime", DateTime.UtcNow), ("Version", version),
    ];

    private static (string, object)[] Key(string? text) =>
    [
        ("GrainIdHash", 1), ("GrainIdN0", 2L), ("GrainIdN1", 3L), ("GrainTypeHash", 4), ("GrainTypeString", "type"),
        ("GrainIdExtensionString", text ?? (object)DBNull.Value), ("ServiceId", "s"),
    ];

    private (int Version, int Count) Members()
    {
        var rows = Rows("MembershipReadAllKey", ("DeploymentId", "c"));
        return ((int)rows[0]["Version"]!, rows.Count(row => row["StartTime"] is not null));
    }

    private int? Write(string? text, int? version, byte payload) =>
        (int?)Call("WriteToStorageKey", [.. Key(text), ("GrainStateVersion", version ?? (object)DBNull.Value), ("PayloadBinary", new[] { payload })]);

    private (int Version, byte[]? Payload)? Read(string? text) =>
        Rows("ReadFromStorageKey", Key(text)) is [var row] ? ((int)row["Version"]!, (byte[]?)row["PayloadBinary"]) : null;

    private int Remind(string grain, string name, int hash, long period) =>
        (int)Call("UpsertReminderRowKey", ("ServiceId", "s"), ("GrainId", grain), ("ReminderName", name), ("StartTime", DateTime.UtcNow), ("Period", period), ("GrainHash", hash))!;

    private IEnumerable<string> Range(string key, int begin, int end) =>
        Rows(key, ("ServiceId", "s"), ("BeginHash", begin), ("EndHash", end)).Select(row => (string)row["GrainId"]!).Order(StringComparer.Ordinal);

    private object? Call(string key, params (string Name, object Value)[] parameters) => Rows(key, parameters) is [{ } row, ..] ? row.Values.First() : null;

    private List<Dictionary<string, object?>> Rows(string key, params (string Name, object Value)[] parameters)
    {
        using var connection = _schema.Connect();
#pragma warning disable CA2100 // The text under test.
        using var command = new NpgsqlCommand(_texts[key], connection);
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter(name, TypeOf(name, value)) { Value = value });
        }

        var rows = new List<Dictionary<string, object?>>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i), StringComparer.OrdinalIgnoreCase));
        }

        return rows;
    }

    private static DbType TypeOf(string name, object value) => value switch
    {
        int => DbType.Int32,
        long => DbType.Int64,
        DateTime => DbType.DateTime,
        byte[] => DbType.Binary,
        DBNull when name == "GrainStateVersion" => DbType.Int32,
        _ => DbType.String,
    };
}
