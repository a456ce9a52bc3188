using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Decisioning.LoadTests.Engine;
using StackExchange.Redis;

namespace Decisioning.LoadTests.Stateless;

/// <summary>A Redis server in a temporary folder, reached through a socket there; it keeps nothing on the disk and ends with this process however that dies.</summary>
internal sealed class RedisServer : IDisposable
{
    private const string Program = "redis-server";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(20);
    private readonly string _folder = Directory.CreateTempSubdirectory("decisioning-redis-").FullName;
    private Process? _watch;
    private int _id;

    private RedisServer()
    {
    }

    /// <summary>Whether it is installed.</summary>
    public static bool IsInstalled { get; } = Programs.Has(Program);

    /// <summary>How to install it.</summary>
    public static string Cure => "redis-server is not installed here; on Debian or Ubuntu: apt-get install --no-install-recommends redis-server";

    /// <summary>The path of the socket where it listens.</summary>
    public string SocketPath => Path.Combine(_folder, "redis.sock");

    /// <summary>A connection to a server's socket, which all callers share; it is made again when it is lost.</summary>
    /// <param name="socket">The path of the socket.</param>
    public static async Task<ConnectionMultiplexer> ConnectAsync(string socket) =>
        await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { new UnixDomainSocketEndPoint(socket) }, AllowAdmin = true, AbortOnConnectFail = false });

    /// <summary>Its memory now, in bytes; and the processor time it took so far.</summary>
    public (long Memory, TimeSpan Cpu) Usage
    {
        get
        {
            using var server = Process.GetProcessById(_id);
            return (server.WorkingSet64, server.TotalProcessorTime);
        }
    }

    /// <summary>Makes a server and starts it; answers when it takes connections.</summary>
    public static RedisServer Start()
    {
        var server = new RedisServer();
        server.StartAgain();
        return server;
    }

    /// <summary>Starts it again after <see cref="Stop"/>, empty.</summary>
    public void StartAgain()
    {
        // The shell waits for the end of its input, which comes with the end of this process at the latest.
        _watch = Process.Start(new ProcessStartInfo("sh", ["-c", $"""
            {Program} --port 0 --unixsocket '{SocketPath}' --dir '{_folder}' --save '' --appendonly no >'{_folder}/log' 2>&1 </dev/null &
            server=$!
            echo $server
            keep=yes
            read -r how || keep=no
            kill -KILL $server || true
            [ $keep = yes ] || rm -rf '{_folder}'
            """]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _id = int.Parse(_watch.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        var waited = Stopwatch.StartNew();
        while (!IsReady())
        {
            if (waited.Elapsed > StartMax || _watch.HasExited)
            {
                throw new LoadException($"redis-server did not start; see {_folder}/log");
            }

            using var pause = new ManualResetEventSlim();
            pause.Wait(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>Ends it without a warning.</summary>
    public void Stop()
    {
        _watch!.StandardInput.WriteLine("stop");
        _watch.WaitForExit();
        _watch.Dispose();
        _watch = null;
        File.Delete(SocketPath);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_watch is not null)
        {
            Stop();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private bool IsReady()
    {
        try
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
