using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Decisioning.Gateway;
using Decisioning.Grains;
using Decisioning.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Decisioning.Benchmarks;

/// <summary>
/// The engine in a process of its own, put together as the silo is, with the empty services beside it; with the silo's settings of the
/// runtime. It ends when its input does.
/// </summary>
internal sealed class TrackHost : IDisposable
{
    /// <summary>The program's first argument that makes it this host.</summary>
    public const string Verb = "track-host";

    private const string Ready = "ready ";
    private const string Answer = "answer ";

    private readonly Process _process;
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();

    private TrackHost(Process process, string address)
    {
        (_process, Address) = (process, address);
        _ = ReadAsync();
    }

    /// <summary>Where it listens.</summary>
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

    /// <summary>The processor time that its threads of a name took so far; nothing where the system does not tell.</summary>
    public TimeSpan CpuOf(string thread)
    {
        // Name in brackets, then the fields of proc(5): 14 and 15 are the ticks of user and system, of which there are 100 a second.
        var tasks = new DirectoryInfo($"/proc/{_process.Id}/task");
        return !tasks.Exists ? TimeSpan.Zero : TimeSpan.FromMilliseconds(10 * tasks.EnumerateDirectories()
            .Select(task => File.ReadAllText(Path.Combine(task.FullName, "stat")))
            .Where(stat => stat.Contains($"({thread})", StringComparison.Ordinal))
            .Sum(stat => stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is var fields ? long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture) : 0));
    }

    /// <summary>Its memory now, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The bytes it allocated so far: unlike its time they do not depend on what else the machine does.</summary>
    public async Task<long> AllocatedAsync() => long.Parse(await AskAsync(HostQuestions.Allocated), CultureInfo.InvariantCulture);

    /// <summary>Asks it one of <see cref="HostQuestions"/>.</summary>
    public async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        return await _answers.Reader.ReadAsync();
    }

    /// <summary>Starts one.</summary>
    /// <param name="settings">Settings of the engine, e.g. <c>--Storage:DataFolder=…</c>.</param>
    /// <param name="environment">Settings of its runtime, e.g. <c>DOTNET_gcServer</c>.</param>
    public static async Task<TrackHost> StartAsync(IEnumerable<string> settings, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [.. SiloRuntime.Run(typeof(TrackHost).Assembly), Verb, .. settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                return new(process, line[Ready.Length..]);
            }

            Console.Error.WriteLine(line);
        }

        throw new InvalidOperationException("the engine did not start");
    }

    /// <summary>The host's own program.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddCommandLine(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddDecisioningStorage(builder.Configuration);
        builder.Services.AddDecisioningGateway(builder.Configuration);
        var port = FreePort();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: port, gatewayPort: 0, serviceId: "benchmark", clusterId: $"benchmark-{port}")
            .Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromHours(1))
            .AddDecisioningGrains());
        await using var app = builder.Build();
        app.MapDecisioningGateway();
        app.MapGrpcService<EchoService>().AllowAnonymous();
        app.MapGrpcService<GrainEchoService>().AllowAnonymous();
        await app.StartAsync();
        Console.WriteLine(Ready + app.Urls.Single());
        using var questions = new HostQuestions(app.Services);
        while (await Console.In.ReadLineAsync() is { } question)
        {
            Console.WriteLine(Answer + questions.Answer(question));
        }

        await app.StopAsync();
        return 0;
    }

    /// <summary>Ends it as an operator would.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    // To the end, whoever asks: a host that nobody reads from would stop at a full pipe.
    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Answer, StringComparison.Ordinal))
            {
                _answers.Writer.TryWrite(line[Answer.Length..]);
            }
        }

        _answers.Writer.TryComplete();
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
