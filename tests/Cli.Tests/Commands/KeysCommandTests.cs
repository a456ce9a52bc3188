using Decisioning.Cli.Tests.Support;
using Decisioning.Engine.Access;
using Decisioning.Tests.Shared;
using Microsoft.Data.Sqlite;

namespace Decisioning.Cli.Tests.Commands;

[Collection<TakesConsole>]
public sealed class KeysCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.Path("data");

    [Fact]
    public async Task The_first_key_is_made_in_a_store_and_printed_alone()
    {
        var run = await RunAsync("keys", "create", "--name", "the first", "--scopes", "admin", "--data", Data);

        var text = run.Output.TrimEnd('\n');
        Span<byte> hash = stackalloc byte[32];
        Assert.True(KeyText.TryRead(text, out var id, hash));
        Assert.Equal((ExitCode.Ok, $"key {id} `the first`: admin. Keep it now: it is not shown again.\n"), (run.Code, run.Errors));
        Assert.DoesNotContain(text[16..], await File.ReadAllTextAsync(Path.Combine(Data, "decisioning.db")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_a_store_are_listed_and_revoked_and_what_was_done_is_written_down()
    {
        await RunAsync("keys", "create", "-n", "shop\nwindow", "-s", "track,decide", "--public", "-o", "https://shop.example", "--data", Data);
        var id = (await RunAsync("keys", "create", "-n", "desk", "-s", "agent", "--expires", "2099-01-01", "--data", Data)).Output[3..15];

        var listed = (await RunAsync("keys", "list", "--data", Data)).Output;
        var revoked = await RunAsync("keys", "revoke", id, "--data", Data);
        var again = await RunAsync("keys", "revoke", "aaaaaaaaaaaa", "--data", Data);
        var rows = (await RunAsync("audit", "--data", Data)).Output.Split('\n');
        var verified = await RunAsync("audit", "--verify", "--data", Data);

        Assert.Contains("track,decide,public   valid", listed, StringComparison.Ordinal);
        Assert.Contains("shop window  https://shop.example\n", listed, StringComparison.Ordinal);
        Assert.Contains($"{id}  agent                 valid until 2099-01-01", listed, StringComparison.Ordinal);
        Assert.StartsWith($"key {id} `desk` was revoked 20", revoked.Output, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Refused, "decide: there is no key `aaaaaaaaaaaa`; `decide keys list` shows those there are\n"), (again.Code, again.Errors));
        Assert.Equal(["key.create", "key.create", "key.revoke"], rows[..3].Select(row => row.Split("  ", StringSplitOptions.RemoveEmptyEntries)[2].Trim()));
        Assert.StartsWith("3 rows, each follows the one before; the last hash is ", verified.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE audit SET actor_name = 'somebody else' WHERE number = 2", "row 2 does not follow row 1")]
    [InlineData("DELETE FROM audit WHERE number = 1", "row 2 does not follow row 0")]
    [InlineData("UPDATE audit SET hash = (SELECT hash FROM audit WHERE number = 1) WHERE number = 2", "row 2 does not follow row 1")]
    public async Task A_row_of_the_audit_log_that_was_changed_or_taken_out_is_found(string sql, string said)
    {
        foreach (var name in (string[])["one", "two", "three"])
        {
            await RunAsync("keys", "create", "-n", name, "-s", "track", "--data", Data);
        }

        Execute(sql);
        var run = await RunAsync("audit", "--verify", "--data", Data);

        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a public key", 1, "`scopes` of a public key may be `track` and `decide` only", "--scopes", "admin", "--public")]
    [InlineData("an origin", 1, "`shop.example` is no origin", "--scopes", "track", "--origin", "shop.example")]
    [InlineData("a past end", 1, "`expires_at` has passed", "--scopes", "track", "--expires", "2020-01-01")]
    [InlineData("a scope", 2, "--scopes is `root`; give some of track, decide, agent, author, admin", "--scopes", "root")]
    [InlineData("a time", 2, "--expires is `soon`; it must be like 90d, 12h or 2027-01-31", "--scopes", "track", "--expires", "soon")]
    public async Task A_key_that_would_not_do_is_refused_with_the_cure(string name, int code, string said, params string[] args)
    {
        var run = await RunAsync(["keys", "create", "--name", name, "--data", Data, .. args]);

        Assert.Equal(code, run.Code);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Output.Contains("dk_", StringComparison.Ordinal) ? run.Output : "");
    }

    [Fact]
    public async Task On_a_running_engine_a_key_makes_others_and_each_opens_what_it_is_for()
    {
        await using var server = new GatewayServer(null);
        await server.InitializeAsync();
        string[] at = ["--address", server.Http2.ToString()];
        var admin = (await RunAsync(["keys", "create", "-n", "first", "-s", "admin", .. at])).Output.Trim();
        var track = (await RunAsync(["keys", "create", "-n", "feed", "-s", "track", "--key", admin, .. at])).Output.Trim();

        var without = await RunAsync(["keys", "list", .. at]);
        var wrong = await RunAsync(["keys", "list", "--key", track, .. at]);
        Environment.SetEnvironmentVariable(Connection.KeyVariable, admin);
        try
        {
            Assert.Contains($"{track[3..15]}  track  ", (await RunAsync(["keys", "list", .. at])).Output, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Ok, (await RunAsync(["keys", "revoke", track[3..15], .. at])).Code);
            Assert.StartsWith("3 rows, each follows", (await RunAsync(["audit", "--verify", .. at])).Output, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Connection.KeyVariable, null);
        }

        Assert.Equal(ExitCode.Refused, without.Code);
        Assert.Contains("no credential came with the call", without.Errors, StringComparison.Ordinal);
        Assert.Contains("give a key with --key, or in DECISIONING_KEY", without.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, wrong.Code);
        Assert.Contains("this needs the scope `admin`", wrong.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<Run> RunAsync(params string[] args) => (await Decide.RunAsync(args)).WithoutTraces();

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "decisioning.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this class only.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
