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

    public IStrategyStore Strategies { get; private set; } = null!;

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
        Decisions = _services.GetRequiredService<IDecisionLog>();
        Strategies = _services.GetRequiredService<IStrategyStore>();
    }
}
