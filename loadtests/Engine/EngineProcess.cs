using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Decisioning.LoadTests.Engine;

/// <summary>The engine in a process of its own, on ports that stay the same when it is started again.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private const string Ready = "ready: ";
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopMax = TimeSpan.FromMinutes(1);
    private readonly string[] _arguments;
    private readonly string _log;
    private readonly Uri _metrics;
    private Process? _process;

    /// <param name="arguments">Its command line, but for the ports.</param>
    /// <param name="log">The file that what it says is added to.</param>
    public EngineProcess(IEnumerable<string> arguments, string log)
    {
        var (grpc, http) = (FreePort(), FreePort());
        (_arguments, _log) = (["--port", $"{grpc}", "--http-port", $"{http}", .. arguments], log);
        (Address, _metrics) = (new($"http://127.0.0.1:{grpc}"), new($"http://127.0.0.1:{http}/metrics"));
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

    /// <summary>A measurement as the engine tells it now; 0 where it says nothing of it.</summary>
    /// <param name="name">As it stands in <c>/metrics</c>.</param>
    public async Task<double> MetricAsync(string name)
    {
        using var http = new HttpClient();
        var lines = (await http.GetStringAsync(_metrics)).Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is ' ' or '{');
        return lines.Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    /// <exception cref="LoadException">It ended instead, or took too long.</exception>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EngineProcess).Assembly.Location, EngineHost.Verb, .. _arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // As the engine's own program has it.
        start.Environment["DOTNET_gcServer"] = "1";
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
                throw new LoadException($"the engine ended instead of starting; see {_log}");
            }
        }
        catch (TimeoutException)
        {
            throw new LoadException($"the engine was not ready within {StartMax.TotalSeconds:0} s; see {_log}");
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
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                await KillAsync();
            }

            process.Dispose();
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

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
