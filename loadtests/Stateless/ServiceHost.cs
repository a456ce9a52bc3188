using System.Net;
using Decisioning.LoadTests.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decisioning.LoadTests.Stateless;

/// <summary>What one would build instead: a service without state of its own, which reads a customer from Redis or PostgreSQL for every call.</summary>
internal static class ServiceHost
{
    /// <summary>The program's first argument that makes it this host.</summary>
    public const string Verb = "stateless";

    /// <summary>Connections to PostgreSQL beside those of lanes: decisions' own, and those of customers whom Redis does not have.</summary>
    private const int OtherConnections = 16;

    /// <summary>Runs it until it is asked to stop.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var options = ServiceOptions.Read(args);
        var plan = new ServicePlan(ComparisonStrategy.Compile());
        plan.Warm();
        await using var database = new ServiceDatabase(options.Postgres, options.Lanes + OtherConnections);
        await database.MigrateAsync();
        await using var connection = await RedisServer.ConnectAsync(options.Redis);
        var redis = connection.GetDatabase();
        await using var log = new DecisionLog(database);
        await using var lanes = new EventLanes(plan, database, redis, TimeProvider.System, options.Lanes, options.Together);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(plan).AddSingleton(database).AddSingleton(redis).AddSingleton(log).AddSingleton(lanes).AddSingleton(TimeProvider.System);
        await using var app = builder.Build();
        app.MapGrpcService<ServiceDecisions>();
        app.MapGrpcService<ServiceEvents>();
        await app.StartAsync();
        Console.WriteLine($"{Engine.ServerProcess.Ready}the stateless service on http://127.0.0.1:{options.Port}");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
