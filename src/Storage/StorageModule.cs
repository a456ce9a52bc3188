using System.Diagnostics.Metrics;
using Decisioning.Storage.Memory;
using Decisioning.Storage.Postgres;
using Decisioning.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage;

/// <summary>Composition of the store.</summary>
public static class StorageModule
{
    /// <summary>
    /// Adds the ports <see cref="ICustomerLog"/>, <see cref="IDueTable"/>, <see cref="IDecisionLog"/>, <see cref="IStrategyStore"/>,
    /// <see cref="IRetention"/>, <see cref="IKeyStore"/> and <see cref="IAuditLog"/> on the database that the section
    /// <c>Storage</c> says. It is opened before any hosted service starts; what is wrong with it stops the host with a <see cref="StoreRefusedException"/>.
    /// </summary>
    public static IServiceCollection AddDecisioningStorage(this IServiceCollection services, IConfiguration configuration) =>
        services.AddDecisioningStorage(configuration.GetSection(StorageOptions.Section).Bind);

    /// <summary>As the other, configured in code.</summary>
    public static IServiceCollection AddDecisioningStorage(this IServiceCollection services, Action<StorageOptions> configure)
    {
        services.AddOptions<StorageOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.AddSingleton(provider => new StorageMeter(provider.GetService<IMeterFactory>()));
        services.AddSingleton(Open);
        services.AddSingleton<ICustomerLog>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IDueTable>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IDecisionLog>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IStrategyStore>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IRetention>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IKeyStore>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IAuditLog>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IErasure>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IKeptRows>(provider => provider.GetRequiredService<IStore>());
        services.AddSingleton<IStoreCondition>(provider => provider.GetRequiredService<IStore>());
        services.AddHostedService<StorageStart>();
        return services;
    }

    /// <summary>Adds the ports on a store in memory, for tests: the same store may be given to one host after another.</summary>
    public static IServiceCollection AddMemoryStorage(this IServiceCollection services, MemoryStore store) => services
        .AddSingleton<ICustomerLog>(store)
        .AddSingleton<IDueTable>(store)
        .AddSingleton<IDecisionLog>(store)
        .AddSingleton<IStrategyStore>(store)
        .AddSingleton<IRetention>(store)
        .AddSingleton<IKeyStore>(store)
        .AddSingleton<IAuditLog>(store)
        .AddSingleton<IErasure>(store)
        .AddSingleton<IKeptRows>(store)
        .AddSingleton<IStoreCondition>(store);

    private static IStore Open(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<StorageOptions>>();
        var meter = provider.GetRequiredService<StorageMeter>();
        return options.Value.Kind switch
        {
            StorageKind.Postgres => new PostgresStore(options, meter, provider.GetRequiredService<ILogger<PostgresStore>>()),
            _ => new SqliteStore(options, meter, provider.GetRequiredService<ILogger<SqliteStore>>()),
        };
    }

    private sealed class StorageStart(IServiceProvider provider) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            provider.GetRequiredService<IStore>();
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
