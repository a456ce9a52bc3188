using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Decisioning.Benchmarks;

namespace Decisioning.LoadTests.Engine;

/// <summary>A server in a process of its own, on a port that stays the same when it is started again.</summary>
internal abstract class ServerProcess : IAsyncDisposable
{
    /// <summary>What it prints when it is ready begins with this.</summary>
    public const string Ready = "ready: ";

    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(1);

    // Whoever ends the load before its time is not left with a server that nobody knows of.
    private readonly PosixSignalRegistration _terminated;
    private readonly string[] _arguments;
    private readonly string _log;
    private readonly string _verb;
    private readonly string _name;
    private Process? _process;

    /// <param name="name">What it is called where it cannot be started.</param>
    /// <param name="verb">What makes this program that server.</param>
    /// <param name="arguments">Its command line, but for the port.</param>
    /// <param name="log">The file that what it says is added to.</param>
    protected ServerProcess(string name, string verb, IEnumerable<string> arguments, string log)
    {
        var port = FreePort();
        (_name, _verb, _arguments, _log) = (name, verb, ["--port", $"{port}", .. arguments], log);
        Address = new($"http://127.0.0.1:{port}");
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => End());
    }

    /// <summary>Where it is reached.</summary>
    public Uri Address { get; }

    /// <summary>Its memory now, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The processor time it took since it was started.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    /// <exception cref="LoadException">It ended instead, or took too long.</exception>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [.. SiloRuntime.Run(typeof(ServerProcess).Assembly), _verb, .. _arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process?.Dispose();
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Take(line.Data, ready);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, ready);
        _process.Exited += (_, _) => ready.TrySetResult(false);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            if (!await ready.Task.WaitAsync(StartMax))
            {
                throw new LoadException($"{_name} ended instead of starting; see {_log}");
            }
        }
        catch (TimeoutException)
        {
            throw new LoadException($"{_name} was not ready within {StartMax.TotalSeconds:0} s; see {_log}");
        }
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as an operator does, and waits for its end.</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process!.Id}"]);
        await signal.WaitForExitAsync();
        using var limit = new CancellationTokenSource(StopMax);
        await _process.WaitForExitAsync(limit.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _terminated.Dispose();
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                await KillAsync();
            }

            process.Dispose();
        }
    }

    private void End()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
        }
    }

    private void Take(string? line, TaskCompletionSource<bool> ready)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            File.AppendAllText(_log, line + Environment.NewLine);
        }

        if (line.Contains(Ready, StringComparison.Ordinal))
        {
            ready.TrySetResult(true);
        }
    }

    protected static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
