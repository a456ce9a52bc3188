using System.Diagnostics;

namespace Decisioning.Tests.Shared;

/// <summary>A PostgreSQL server in a temporary folder, reached through a socket there; it ends with this process however that dies.</summary>
internal sealed class PostgresServer : IDisposable
{
    // The server refuses to run as root; Debian's package makes this user.
    private const string User = "postgres";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "decisioning-pg-" + Guid.NewGuid().ToString("N")[..12]);
    private readonly bool _sync;
    private Process? _watch;

    private PostgresServer(bool sync) => _sync = sync;

    /// <summary>The folder with PostgreSQL's programs; null when it is not installed.</summary>
    public static string? Programs { get; } = Find();

    /// <summary>How to reach it: all rights on the database <c>postgres</c>. The user <c>locked</c>, where a test makes one, needs its password.</summary>
    public string ConnectionString => $"Host={_folder};Username=decisioning;Database=postgres";

    /// <summary>The folder with its data; owned by its user.</summary>
    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>What the server said.</summary>
    public string LogFile => Path.Combine(_folder, "log");

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="sync">Whether a commit waits for the disk, as it does in use.</param>
    /// <param name="settings">More settings of the server, as <c>name=value</c>.</param>
    public static PostgresServer Start(bool sync, params string[] settings)
    {
        var server = new PostgresServer(sync);
        var sets = string.Join('\n', settings.Select(setting => setting));
        server.Run($"""
            mkdir -m 700 '{server._folder}'
            '{Programs}/initdb' -D '{server.DataFolder}' -U decisioning -A trust --no-sync -E UTF8 --locale=C >/dev/null
            printf 'local all locked scram-sha-256\nlocal all all trust\n' > '{server.DataFolder}/pg_hba.conf'
            cat >> '{server.DataFolder}/postgresql.conf' <<'SETTINGS'
            listen_addresses = ''
            unix_socket_directories = '{server._folder}'
            {sets}
            SETTINGS
            """);
        server.Start();
        return server;
    }

    /// <summary>Starts it again after <see cref="Stop"/>; answers when it takes connections.</summary>
    public void Start()
    {
        // The shell waits for the end of its input, which comes with the end of this process at the latest.
        _watch = Process.Start(Shell($"""
            '{Programs}/postgres' -D '{DataFolder}' -c fsync={(_sync ? "on" : "off")} -c full_page_writes={(_sync ? "on" : "off")} >>'{LogFile}' 2>&1 </dev/null &
            server=$!
            keep=yes
            if ! read -r how; then keep=no; how=QUIT; fi
            kill -$how $server || true
            wait $server || true
            [ $keep = yes ] || rm -rf '{_folder}'
            """))!;
        Run($"""
            for try in $(seq 1 600); do
              '{Programs}/pg_isready' -q -h '{_folder}' && exit 0
              sleep 0.05
            done
            cat '{LogFile}' >&2
            exit 1
            """);
    }

    /// <summary>Stops it.</summary>
    /// <param name="immediately">As a crash would, without finishing anything; else its clients are cut off and it ends in good order.</param>
    public void Stop(bool immediately)
    {
        _watch!.StandardInput.WriteLine($"{(immediately ? "QUIT" : "INT")}");
        _watch.WaitForExit();
        _watch.Dispose();
        _watch = null;
    }

    public void Dispose()
    {
        if (_watch is not null)
        {
            Stop(immediately: true);
        }

        Run($"rm -rf '{_folder}'");
    }

    private void Run(string script)
    {
        using var shell = Process.Start(Shell(script))!;
        shell.StandardInput.Close();
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        if (shell.ExitCode != 0)
        {
            throw new InvalidOperationException($"the tests' PostgreSQL in `{_folder}`: {errors}");
        }
    }

    private static ProcessStartInfo Shell(string script)
    {
        string[] command = ["sh", "-euc", script];
        if (Environment.UserName == "root")
        {
            command = ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", .. command];
        }

        return new(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
    }

    private static string? Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
