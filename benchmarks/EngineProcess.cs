using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Decisioning.Benchmarks;

/// <summary>The engine as it is run, in a process of its own on free ports; ended when disposed.</summary>
internal sealed partial class EngineProcess : IDisposable
{
    private readonly Process _process;

    private EngineProcess(Process process, Match ready) => (_process, Address) = (process, ready.Groups["address"].Value);

    /// <summary>Where it answers gRPC.</summary>
    public string Address { get; }

    /// <summary>The processor time it took so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it with the shop's strategy on settings of a store, and waits until it is ready.</summary>
    public static Task<EngineProcess> ReadyAsync(params IEnumerable<string> settings) => ReadyAsync(AppContext.BaseDirectory, settings);

    /// <summary>Starts the one that lies in a folder with the shop's strategy on settings of a store, and waits until it is ready.</summary>
    public static async Task<EngineProcess> ReadyAsync(string folder, IEnumerable<string> settings)
    {
        var process = Run(
            Path.Combine(folder, "Decisioning.Silo.dll"),
            ["--port", "0", "--http-port", "0", "--strategy", Path.Combine(Checkout.Root(), "strategies", "retail"), .. settings]);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Ready().Match(line) is { Success: true } match)
            {
                // Nobody reads on, so what it prints later must not fill the pipe.
                _ = process.StandardOutput.ReadToEndAsync();
                _ = process.StandardError.ReadToEndAsync();
                return new(process, match);
            }
        }

        throw new InvalidOperationException($"the engine did not start: {await process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Starts a program, which lies beside this one unless its whole path is given.</summary>
    public static Process Run(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"ready: gRPC on (?<address>http://[^,\s]+)")]
    private static partial Regex Ready();
}
