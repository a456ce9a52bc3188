using System.Reflection;
using Decisioning.Gateway;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService;

namespace Decisioning.Silo;

/// <summary>Runs the host from start to stop; what an operator can cure is said in a sentence, with exit code 2.</summary>
internal static partial class SiloRun
{
    /// <summary>The engine could not start for a reason that is in the message.</summary>
    public const int CannotStart = 2;

    public static async Task<int> ToExitCodeAsync(string[] args, Func<WebApplication> build)
    {
        if (args is ["--help"] or ["-h"])
        {
            Console.WriteLine(SiloArguments.Help);
            return 0;
        }

        try
        {
            SiloArguments.Check(args);
            await using var app = build();
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (Curable(e) is { } sentences)
        {
            foreach (var sentence in sentences)
            {
                Console.Error.WriteLine("cannot start: " + sentence);
            }

            return CannotStart;
        }
    }

    private static async Task StartAsync(WebApplication app)
    {
        // Everything that can be refused is looked at before the host starts: one sentence instead of a stack trace.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        var options = app.Services.GetRequiredService<IOptions<SiloOptions>>().Value;
        Ports.RefuseTaken(options.Address!, options.GrpcPort, "--port");
        Ports.RefuseTaken(options.Address!, options.HttpPort, "--http-port");
        await app.Services.GetRequiredService<StrategyFolderWatcher>().LoadAsync(CancellationToken.None);
        await app.Services.GetRequiredService<ClusterEntry>().WaitAsync(CancellationToken.None);
        await app.StartAsync();
        LogStarted(app);
    }

    /// <summary>What an operator can do about a failed start, a sentence for each cause; null when only a programmer can.</summary>
    internal static IEnumerable<string>? Curable(Exception e) => e switch
    {
        OptionsValidationException options => options.Failures,
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            several.InnerExceptions.SelectMany(inner => ((OptionsValidationException)inner).Failures),
        SiloArgumentException or StrategyRefusedException or StorageUnavailableException or StoreRefusedException or AddressInUseException or OrleansConfigurationException => [e.Message],
        OrleansClusterConnectivityCheckFailedException alone =>
            [$"silos of the cluster that live cannot be reached: {alone.Message}; open the way to their `{SiloClusterOptions.Section}:{nameof(SiloClusterOptions.AdvertisedAddress)}` and `SiloPort`, or stop them"],
        IOException { InnerException: AddressInUseException taken } => [taken.Message],
        InvalidOperationException { InnerException: FormatException or OverflowException or ArgumentException } setting => [setting.Message],
        _ => null,
    };

    private static void LogStarted(WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Decisioning.Silo");
        var addresses = app.Urls.ToList();
        var strategy = app.Services.GetRequiredService<StrategyCatalog>().Of(app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.Tenant).Current;
        Started(
            logger,
            addresses[0],
            addresses[^1],
            strategy is null ? "no strategy yet" : $"strategy `{strategy.Name}` version {strategy.Version}",
            app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.Place,
            typeof(SiloRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == "Packages")?.Value ?? "unknown");
    }

    [LoggerMessage(
        EventId = 400,
        Level = LogLevel.Information,
        Message = "ready: gRPC on {Grpc}, HTTP on {Http}; {Strategy}; data in {Place}; packages: {Packages}")]
    private static partial void Started(ILogger logger, string grpc, string http, string strategy, string place, string packages);
}
