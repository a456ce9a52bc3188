using System.Globalization;
using Decisioning.Benchmarks;
using Decisioning.Benchmarks.Wire;
using Decisioning.Engine.Strategies;
using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Engine;
using Decisioning.LoadTests.Targets;
using Grpc.Core;
using Grpc.Net.Client;
using NBomber;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Runs;

/// <summary>An engine with customers, and what can be asked of it; the scenarios of a command line share one.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    // What is under way when a turn ends is answered before the next begins.
    private static readonly TimeSpan BetweenTurns = TimeSpan.FromMilliseconds(500);
    private readonly BenchStore? _store;
    private readonly GrpcChannel _channel;
    private int _reports;

    private LoadRun(LoadOptions options, string folder, BenchStore? store, EngineProcess? engine, Uri address)
    {
        (Options, Folder, _store, Engine) = (options, folder, store, engine);
        Load = string.Create(CultureInfo.InvariantCulture, $"load-{TimeProvider.System.GetUtcNow():yyyyMMddHHmmss}");
        World = new(options.Seed, options.Customers, TimeProvider.System.GetUtcNow());
        _channel = Open(address, options.Key);
        Target = NewTarget("engine", Api.ExplainLevel.None);
    }

    /// <summary>What was asked for.</summary>
    public LoadOptions Options { get; }

    /// <summary>Where reports go.</summary>
    public string Folder { get; }

    /// <summary>The engine that was started for this; null where another one is loaded.</summary>
    public EngineProcess? Engine { get; }

    /// <summary>The customers.</summary>
    public World World { get; }

    /// <summary>Makes message ids of this run unlike those of another.</summary>
    public string Load { get; }

    /// <summary>The engine.</summary>
    public EngineTarget Target { get; }

    /// <summary>How long each load is measured.</summary>
    public TimeSpan During => TimeSpan.FromSeconds(Options.Seconds);

    /// <summary>Starts an engine and tells it of its customers, or finds the one that was named.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="folder">Where reports go.</param>
    /// <param name="tells">Whether an engine that is started is told of its customers.</param>
    /// <exception cref="LoadException">There is none, or it does not let the caller in.</exception>
    public static async Task<LoadRun> StartAsync(LoadOptions options, string folder, bool tells)
    {
        Directory.CreateDirectory(folder);
        if (options.Target is { } target)
        {
            var named = new LoadRun(options, folder, null, null, target);
            await named.CheckAsync();
            return named;
        }

        var store = options.IsPostgres ? Postgres() : BenchStore.Sqlite();
        var engine = NewEngine(folder, store);
        var run = new LoadRun(options, folder, store, engine, engine.Address);
        try
        {
            await engine.StartAsync();
            await run.CheckAsync();
            if (tells)
            {
                await Seeder.RunAsync(run.Target, run.World, Say);
            }

            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Decisions that were answered and not recorded, because more were made than the log can take; since the engine started.</summary>
    public async Task<double> UnrecordedAsync() => Engine is null ? 0 : await Engine.MetricAsync("decisioning_storage_decisions_dropped_total");

    /// <summary>Says what goes on, beside what is printed at the end.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);

    /// <summary>An engine on an empty store of the kind asked for, not started.</summary>
    public static EngineProcess NewEngine(string folder, BenchStore store) => NewEngine(folder, store, LoadStrategy.Name, LoadStrategy.Source);

    /// <summary>An engine on an empty store with a strategy of its own, not started.</summary>
    public static EngineProcess NewEngine(string folder, BenchStore store, string strategyName, StrategySource source)
    {
        var strategy = Path.Combine(folder, strategyName);
        Directory.CreateDirectory(strategy);
        foreach (var (file, text) in source.Files)
        {
            File.WriteAllText(Path.Combine(strategy, file), text);
        }

        return new([.. store.Settings, BenchStore.HistoryIsLeftAlone, "--strategy", strategy], Path.Combine(folder, strategyName + "-engine.log"));
    }

    /// <summary>An empty store of the kind asked for.</summary>
    public BenchStore NewStore() => Options.IsPostgres ? Postgres() : BenchStore.Sqlite();

    /// <summary>A way to an engine of this run's caller.</summary>
    public GrpcChannel Open(Uri address) => Open(address, Options.Key);

    /// <summary>The engine, with decisions that say so much of their reasons.</summary>
    public EngineTarget NewTarget(string name, Api.ExplainLevel explain) => new(name, _channel.CreateCallInvoker(), World, Load, explain);

    /// <summary>The engine over streams.</summary>
    public EngineStreamsTarget NewStreams(Api.ExplainLevel explain = Api.ExplainLevel.None) => new("engine, streams", Target, World, Load, explain);

    /// <summary>The services that do nothing beside the engine; null where there are none.</summary>
    public (EchoTarget Echo, EchoTarget Grain, Func<GrainEchoStreamsTarget> GrainStreams)? Echoes()
    {
        if (Engine is null)
        {
            return null;
        }

        var (echo, grain) = (new Echo.EchoClient(_channel), new GrainEcho.GrainEchoClient(_channel));
        return (
            new("empty gRPC", message => echo.SayAsync(message, deadline: Answers.Deadline())),
            new("empty gRPC → grain", message => grain.SayAsync(message, deadline: Answers.Deadline())),
            () => new("empty stream → grain", grain));
    }

    /// <summary>Questions to a target, of which a few customers' come very often.</summary>
    public Func<long, Task<IResponse>> Decisions(ITarget target) => call => target.DecideAsync(call, World.Customer(call));

    /// <summary>Events of a target, of which a few customers' come very often.</summary>
    public Func<long, Task<IResponse>> Events(ITarget target) => call => target.TrackAsync(call, World.Customer(call));

    /// <summary>Events of a target, one of each customer in turn.</summary>
    public Func<long, Task<IResponse>> EventsInTurn(ITarget target) => call => target.TrackAsync(call, World.InTurn(call));

    /// <summary>Runs measures one after the other in rounds, so that what else runs on the machine meets all of them; a report for each round.</summary>
    public async Task<Measured> TakeTurnsAsync(string name, int rounds, params Measure[] measures)
    {
        await PlayAsync(null, InTurn(measures, WarmUp));
        var measured = new Measured();
        for (var round = 1; round <= rounds; round++)
        {
            Say($"{name}: round {round} of {rounds}");
            foreach (var stats in (await PlayAsync($"{name}, round {round}", InTurn(measures, During))).ScenarioStats)
            {
                measured.Add(stats);
            }
        }

        return measured;
    }

    /// <summary>Runs scenarios at the same time.</summary>
    /// <param name="name">What the report is called; null: none is written.</param>
    /// <param name="scenarios">The scenarios.</param>
    public Task<NodeStats> PlayAsync(string? name, params ScenarioProps[] scenarios)
    {
        var test = NBomberRunner.RegisterScenarios(scenarios).WithTestSuite("Decisioning").DisplayConsoleMetrics(false);
        test = name is null
            ? test.WithoutReports()
            : test.WithTestName(name).WithReportFolder(Folder).WithReportFileName(FileName(name))
                .WithReportFormats(ReportFormat.Html, ReportFormat.Md, ReportFormat.Csv, ReportFormat.Txt);
        return Task.Run(test.Run);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (Engine is { } engine)
        {
            await engine.DisposeAsync();
        }

        _store?.Dispose();
    }

    private static ScenarioProps[] InTurn(Measure[] measures, TimeSpan during) => [.. measures.Select((measure, i) => measure.Scenario(during, i * (during + BetweenTurns)))];

    /// <summary>Asks one question that changes nothing.</summary>
    /// <exception cref="LoadException">It is not answered.</exception>
    private async Task CheckAsync()
    {
        var question = World.Question(0, Api.ExplainLevel.None, 0);
        question.DryRun = true;
        try
        {
            await Target.Decisions.NextBestActionAsync(question, deadline: Answers.Deadline());
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            throw new LoadException($"the engine does not let the load in: {e.Status.Detail}; give a key that may track and decide with --key", LoadException.Refused);
        }
        catch (RpcException e)
        {
            throw new LoadException(e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal
                ? $"no engine answers at {_channel.Target}; start it, or name another one with --target"
                : $"the engine cannot decide ({e.StatusCode}): {e.Status.Detail}");
        }
    }

    private string FileName(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{++_reports:00}-{string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Replace("--", "-", StringComparison.Ordinal)}");

    /// <summary>An empty store on PostgreSQL.</summary>
    /// <exception cref="LoadException">It is not installed.</exception>
    public static BenchStore Postgres() => Tests.Shared.PostgresServer.Programs is null
        ? throw new LoadException("PostgreSQL is not installed here; on Debian or Ubuntu: apt-get install --no-install-recommends postgresql", LoadException.Refused)
        : BenchStore.Postgres();

    private static GrpcChannel Open(Uri address, string? key)
    {
        var options = new GrpcChannelOptions();
        if (!string.IsNullOrWhiteSpace(key))
        {
            var isSecure = address.Scheme == Uri.UriSchemeHttps;
            options.UnsafeUseInsecureChannelCallCredentials = !isSecure;
            options.Credentials = ChannelCredentials.Create(
                isSecure ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
                CallCredentials.FromInterceptor((_, headers) =>
                {
                    headers.Add("authorization", "Bearer " + key.Trim());
                    return Task.CompletedTask;
                }));
        }

        return GrpcChannel.ForAddress(address, options);
    }
}
