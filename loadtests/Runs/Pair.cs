using Decisioning.Benchmarks;
using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Engine;
using Decisioning.LoadTests.Stateless;
using Decisioning.LoadTests.Targets;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Runs;

/// <summary>The engine on PostgreSQL, and a stateless service on another one and on Redis, with the same strategy and the same customers.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];
    private readonly LoadRun _run;
    private readonly BenchStore _engineStore;
    private readonly BenchStore _serviceStore;

    private Pair(LoadRun run)
    {
        (_run, _engineStore, _serviceStore, Redis) = (run, LoadRun.Postgres(), LoadRun.Postgres(), RedisServer.Start());
        Engine = LoadRun.NewEngine(run.Folder, _engineStore, ComparisonStrategy.Name, ComparisonStrategy.Source);
        Service = NewService(together: 256);
        EngineTarget = Target("engine", Engine);
        ServiceTarget = Target("stateless", Service);
    }

    /// <summary>The engine.</summary>
    public EngineProcess Engine { get; }

    /// <summary>The service.</summary>
    public ServiceProcess Service { get; }

    /// <summary>What the service reads from.</summary>
    public RedisServer Redis { get; }

    /// <summary>The engine's calls.</summary>
    public EngineTarget EngineTarget { get; }

    /// <summary>The service's calls.</summary>
    public EngineTarget ServiceTarget { get; }

    /// <summary>Starts both and tells them of the customers.</summary>
    /// <exception cref="LoadException">What they need is not installed, or one does not start.</exception>
    public static async Task<Pair> StartAsync(LoadRun run)
    {
        if (!RedisServer.IsInstalled)
        {
            throw new LoadException(RedisServer.Cure, LoadException.Refused);
        }

        var pair = new Pair(run);
        try
        {
            await pair.Engine.StartAsync();
            await pair.Service.StartAsync();
            await Seeder.RunAsync(pair.EngineTarget, run.World, LoadRun.Say);
            await Seeder.RunAsync(pair.ServiceTarget, run.World, LoadRun.Say);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more service on the same stores, not started.</summary>
    /// <param name="together">Callers' events in a transaction at most.</param>
    public ServiceProcess NewService(int together) =>
        new(ServiceOptions.Arguments(_serviceStore.ConnectionString!, Redis.SocketPath, together), Path.Combine(_run.Folder, $"stateless-{together}.log"));

    /// <summary>The calls of a server.</summary>
    public EngineTarget Target(string name, ServerProcess server)
    {
        var channel = _run.Open(server.Address);
        _channels.Add(channel);
        return new(name, channel.CreateCallInvoker(), _run.World, _run.Load, Api.ExplainLevel.None);
    }

    /// <summary>Empties Redis, as if it had just been started.</summary>
    public async Task ForgetAsync()
    {
        await using var redis = await RedisServer.ConnectAsync(Redis.SocketPath);
        await redis.GetServers()[0].FlushAllDatabasesAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await Engine.DisposeAsync();
        await Service.DisposeAsync();
        Redis.Dispose();
        _engineStore.Dispose();
        _serviceStore.Dispose();
    }
}
