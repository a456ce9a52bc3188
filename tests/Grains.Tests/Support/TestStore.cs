using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Grains.Tests.Support;

/// <summary>The embedded store in a folder of its own; can be closed and opened again.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-grains-");
    private ServiceProvider? _services;

    public GatedLog Log { get; private set; } = null!;

    public IDecisionLog Decisions { get; private set; } = null!;

    public GatedDueTable Due { get; private set; } = null!;

    public IStrategyStore Strategies { get; private set; } = null!;

    public IRetention Retention { get; private set; } = null!;

    public GatedErasure Erasure { get; private set; } = null!;

    public IKeptRows Kept { get; private set; } = null!;

    public static TestStore Opened()
    {
        var store = new TestStore();
        store.Open();
        return store;
    }

    public async Task ReopenAsync()
    {
        await _services!.DisposeAsync();
        Open();
    }

    /// <summary>A customer's whole log and due row, as the store has them.</summary>
    public async Task<(ImmutableArray<CustomerEvent> Events, DateTimeOffset? DueAt)> ReadAsync(CustomerKey customer)
    {
        var log = _services!.GetRequiredService<ICustomerLog>();
        var whole = await log.LoadLogAsync(customer, CancellationToken.None);
        return ([.. whole.Tail.Select(recorded => recorded.Event)], (await log.LoadAsync(customer, DateTimeOffset.MinValue, CancellationToken.None)).DueAt);
    }

    public async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Open()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDecisioningStorage(options => (options.DataFolder, options.CacheMegabytes) = (_folder.FullName, 4));
        _services = services.BuildServiceProvider();
        Log = new GatedLog(_services.GetRequiredService<ICustomerLog>());
        Due = new GatedDueTable(_services.GetRequiredService<IDueTable>());
        Decisions = _services.GetRequiredService<IDecisionLog>();
        Strategies = _services.GetRequiredService<IStrategyStore>();
        Retention = _services.GetRequiredService<IRetention>();
        Kept = _services.GetRequiredService<IKeptRows>();
        Erasure = new GatedErasure(_services.GetRequiredService<IErasure>());
    }
}
