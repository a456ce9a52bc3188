using System.Diagnostics;
using System.Text.RegularExpressions;
using Decisioning.Silo;
using Grpc.Net.Client;

namespace Decisioning.Tests.Shared;

/// <summary>The real program in a process of its own, on free ports and a folder of its own.</summary>
internal sealed partial class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly OutputLines _lines = new();
    private readonly TaskCompletionSource<Match> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [typeof(SiloOptions).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _ended.TrySetResult();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string GrpcAddress => _ready.Task.Result.Groups["grpc"].Value;

    public string HttpAddress => _ready.Task.Result.Groups["http"].Value;

    public string ReadyLine => _ready.Task.Result.Value;

    public int Id => _process.Id;

    /// <summary>Bytes of memory that it holds now; 0 where the system does not say.</summary>
    public long ResidentBytes
    {
        get
        {
            const string name = "VmRSS:";
            if (!OperatingSystem.IsLinux())
            {
                return 0;
            }

            var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
            return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal));
        }
    }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static async Task<SiloProcess> ReadyAsync(params string[] arguments)
    {
        var silo = Started(arguments);
        if (!await silo.BecomesReadyAsync())
        {
            Assert.Fail($"it ended instead of starting:\n{silo.Output()}");
        }

        return silo;
    }

    /// <summary>Starts it and does not wait.</summary>
    public static SiloProcess Started(params string[] arguments) => new(["--port", "0", "--http-port", "0", .. arguments]);

    /// <summary>Waits until it says that it is ready; false when it ended instead.</summary>
    public async Task<bool> BecomesReadyAsync() => await Task.WhenAny(_ready.Task, _ended.Task).WaitAsync(WaitMax) == _ready.Task;

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> EndedAsync(params string[] arguments)
    {
        await using var silo = new SiloProcess(arguments);
        return (await silo.ExitCodeAsync(), silo.Output());
    }

    public GrpcChannel Channel() => GrpcChannel.ForAddress(GrpcAddress);

    /// <summary>Waits for a line that is printed from now on or was printed already.</summary>
    public Task<string> LineAsync(Predicate<string> wanted) => _lines.FirstAsync(wanted).WaitAsync(WaitMax);

    /// <summary>Asks it to stop as an operator does, and waits for its end.</summary>
    public Task<int> StopAsync()
    {
        AskToStop();
        return ExitCodeAsync();
    }

    /// <summary>Asks it to stop as an operator does.</summary>
    public void AskToStop()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitCodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    public string Output() => _lines.ToString();

    private async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(WaitMax);
        return _process.ExitCode;
    }

    private void Take(string? line)
    {
        _lines.Add(line);
        if (line is not null && Ready().Match(line) is { Success: true } ready)
        {
            _ready.TrySetResult(ready);
        }
    }

    [GeneratedRegex(@"ready: gRPC on (?<grpc>https?://\S+), HTTP on (?<http>https?://[^\s;]+);.*")]
    private static partial Regex Ready();
}
