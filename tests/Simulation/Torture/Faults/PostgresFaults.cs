using System.Diagnostics;
using System.Globalization;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Tests.Shared;
using Npgsql;

namespace Decisioning.Simulation.Tests.Torture.Faults;

/// <summary>The server is stopped and, after a while, started again.</summary>
internal sealed class StoppedServer(PostgresServer server, bool immediately) : Fault(immediately ? "crash" : "stop")
{
    public override Task BeginAsync() => Task.Run(() => server.Stop(immediately));

    public override Task EndAsync() => Task.Run(server.Start);
}

/// <summary>All connections of the engine are cut, again and again.</summary>
internal sealed class CutConnections(string connectionString) : Fault("cut")
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(150);
    private volatile bool _isOver;
    private Task _cutting = Task.CompletedTask;

    public override bool StopsEvents => false;

    public override Task BeginAsync()
    {
        _cutting = CutAsync();
        return Task.CompletedTask;
    }

    public override async Task EndAsync()
    {
        _isOver = true;
        await _cutting;
    }

    private async Task CutAsync()
    {
        while (!_isOver)
        {
            await Sql.RunAsync(connectionString, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'decisioning'");
            await Pause.ForAsync(Between);
        }
    }
}

/// <summary>The server's processes stand still: nothing fails, and nothing comes back.</summary>
internal sealed class FrozenServer(PostgresServer server) : Fault("freeze")
{
    private List<int> _processes = [];

    // Calls wait instead of failing, as long as their deadline lets them.
    public override bool StopsEvents => false;

    public override Task BeginAsync()
    {
        var first = int.Parse(File.ReadLines(Path.Combine(server.DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        _processes = [first, .. ChildrenOf(first)];
        Signal("-STOP");
        return Task.CompletedTask;
    }

    public override Task EndAsync()
    {
        Signal("-CONT");
        return Task.CompletedTask;
    }

    private static IEnumerable<int> ChildrenOf(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture));

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, .. _processes.Select(process => process.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }
}

/// <summary>Another session holds the table of events, so that commits wait.</summary>
internal sealed class LockedTable(string connectionString) : Fault("lock")
{
    private Task _holding = Task.CompletedTask;

    public override bool StopsEvents => false;

    public override Task BeginAsync()
    {
        _holding = Sql.RunAsync(
            connectionString, $"BEGIN; LOCK TABLE decisioning.event IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({Lasts.TotalSeconds}); COMMIT");
        return Task.CompletedTask;
    }

    public override Task EndAsync() => _holding;
}

/// <summary>
/// Another session takes the tables in the opposite order, again and again. The engine's side looks for the deadlock first, and is
/// the one that is ended: its commit goes out once more, and nobody is refused.
/// </summary>
internal sealed class Deadlocks(PostgresServer server, string connectionString) : Fault("deadlock")
{
    // Shorter than the server's deadlock_timeout, see PostgresTorture: the circle is closed before the engine's session looks.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(40);
    private volatile bool _isOver;
    private Task _locking = Task.CompletedTask;

    public override bool StopsEvents => false;

    public override TimeSpan Lasts => TimeSpan.FromSeconds(5);

    public override bool Happened => File.ReadLines(server.LogFile).Any(line => line.Contains("deadlock detected", StringComparison.Ordinal));

    public override Task BeginAsync()
    {
        _locking = LockAsync();
        return Task.CompletedTask;
    }

    public override Task EndAsync()
    {
        _isOver = true;
        return _locking;
    }

    private async Task LockAsync()
    {
        await using var session = new NpgsqlConnection(connectionString);
        await session.OpenAsync();
        await Sql.RunAsync(session, "SET deadlock_timeout = '2s'");
        while (!_isOver)
        {
            try
            {
                await Sql.RunAsync(session, "BEGIN; LOCK TABLE decisioning.decision, decisioning.snapshot, decisioning.due IN SHARE MODE");
                await Pause.ForAsync(Between);
                await Sql.RunAsync(session, "LOCK TABLE decisioning.event IN SHARE MODE; COMMIT");
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // This time it was ours that was ended.
                await Sql.RunAsync(session, "ROLLBACK");
            }

            await Pause.ForAsync(Between);
        }
    }
}

/// <summary>Statements of the torturer.</summary>
internal static class Sql
{
    public static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await RunAsync(connection, sql);
    }

    public static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
