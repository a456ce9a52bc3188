using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Decisioning.Make;

/// <summary>Builds, starts the engine, plays the sample day, serves until Ctrl-C.</summary>
internal static class Up
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string root, List<string> arguments)
    {
        var noSample = arguments.Remove("--no-sample");
        if (!MakeProgram.Take(arguments, "--port", out var port)
            || !MakeProgram.Take(arguments, "--http-port", out var httpPort)
            || !MakeProgram.Take(arguments, "--data", out var data)
            || !MakeProgram.Take(arguments, "--strategy", out var strategy)
            || !MakeProgram.Take(arguments, "--storage", out var storage)
            || !MakeProgram.Take(arguments, "--postgres", out var postgres)
            || arguments.Count > 0)
        {
            return MakeProgram.Refuse($"up takes --port N, --http-port N, --data FOLDER, --storage sqlite|postgres, --postgres SERVER, --strategy FOLDER, --no-sample; not `{string.Join(' ', arguments)}`");
        }

        foreach (var (name, value) in new[] { ("--port", port ??= "5001"), ("--http-port", httpPort ??= "5002") })
        {
            if (!ushort.TryParse(value, CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                return MakeProgram.Refuse($"{name} is `{value}`; it must be 1 to 65535");
            }

            // Whoever listens there would answer in the engine's stead: "ready" would be another's.
            if (IsTaken(number))
            {
                return MakeProgram.Refuse($"port {number} is in use; give another with `{name}`");
            }
        }

        // Paths are the caller's, relative to where the caller stands.
        data = Path.GetFullPath(data ?? Path.Combine(root, "data"));
        strategy = Path.GetFullPath(strategy ?? Path.Combine(root, "strategies", "retail"));
        if (!await Dotnet.BuildAsync(root, "src/Silo", "Release") || !await Dotnet.BuildAsync(root, "src/Cli", "Release"))
        {
            return 1;
        }

        using var engine = Process.Start(new ProcessStartInfo(
            "dotnet",
            [Dotnet.Built(root, "src/Silo", "Release"), "--port", port, "--http-port", httpPort, "--data", data, "--strategy", strategy, .. Given("--storage", storage), .. Given("--postgres", postgres)])
        { WorkingDirectory = root })!;

        // Ctrl-C reaches the engine too, which stops by itself; the other signals are handed on. This waits for its end.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => HandOn(signal, engine));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => HandOn(signal, engine));
        if (!await ReadyAsync(engine, httpPort))
        {
            Stop(engine);
            return engine.HasExited && engine.ExitCode != 0 ? engine.ExitCode : 1;
        }

        var sample = Path.Combine(strategy, "sample-day.jsonl.gz");
        if (!noSample && File.Exists(sample))
        {
            await Dotnet.RunAsync(root, [Dotnet.Built(root, "src/Cli", "Release"), "play", sample, "--address", $"http://127.0.0.1:{port}"]);
        }

        if (!engine.HasExited)
        {
            Console.WriteLine();
            Console.WriteLine($"serving gRPC on http://127.0.0.1:{port}, HTTP on http://127.0.0.1:{httpPort}; stop with Ctrl-C");
            Console.WriteLine($"try: dotnet run make.cs decide next CUSTOMER --address http://127.0.0.1:{port}");
        }

        await engine.WaitForExitAsync();
        if (engine.ExitCode != 0)
        {
            MakeProgram.Say($"the engine ended with exit code {engine.ExitCode}");
        }

        return engine.ExitCode;
    }

    private static string[] Given(string name, string? value) => value is null ? [] : [name, value];

    private static async Task<bool> ReadyAsync(Process engine, string httpPort)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var started = Stopwatch.GetTimestamp();
        while (!engine.HasExited && Stopwatch.GetElapsedTime(started) < StartMax)
        {
            try
            {
                if ((await http.GetAsync($"http://127.0.0.1:{httpPort}/readyz")).IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        if (!engine.HasExited)
        {
            Console.Error.WriteLine($"the engine was not ready within {StartMax.TotalSeconds:F0} seconds");
        }

        return false;
    }

    private static bool IsTaken(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static void HandOn(PosixSignalContext signal, Process engine)
    {
        signal.Cancel = true;
        if (OperatingSystem.IsWindows())
        {
            Stop(engine);
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", engine.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static void Stop(Process engine)
    {
        try
        {
            if (!engine.HasExited)
            {
                engine.Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It has exited in between.
        }
    }
}
