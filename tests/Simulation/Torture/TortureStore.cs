using Decisioning.Simulation.Tests.Torture.Faults;
using Decisioning.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>A store that an engine under torture uses, and that the auditor opens afterwards.</summary>
internal abstract class TortureStore : IAsyncDisposable
{
    /// <summary>Its name in the summary.</summary>
    public abstract string Name { get; }

    /// <summary>The engine's switches for it.</summary>
    public abstract string[] Arguments { get; }

    /// <summary>What can happen to it; asked for once an engine has made its tables.</summary>
    public abstract Task<IReadOnlyList<Fault>> FaultsAsync();

    /// <summary>Opens it in this process; no engine may have it open.</summary>
    public ServiceProvider Open()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDecisioningStorage(configuration);
        return services.BuildServiceProvider();
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>The settings of <see cref="StorageOptions"/> for it.</summary>
    protected abstract Dictionary<string, string?> Settings { get; }
}

/// <summary>The embedded store in a folder of its own.</summary>
internal sealed class SqliteTorture : TortureStore
{
    // So few that a run of minutes writes many generations of the index.
    private const string IndexBatch = "2000";
    private readonly SmallDisk? _disk;
    private readonly string _folder;

    /// <param name="onSmallDisk">Whether its disk is to be filled; only root may have that.</param>
    public SqliteTorture(bool onSmallDisk = false)
    {
        _disk = onSmallDisk ? SmallDisk.TryMount(megabytes: 256) : null;
        _folder = _disk?.Folder ?? Directory.CreateTempSubdirectory("decisioning-torture-").FullName;
    }

    /// <summary>Whether its disk can be filled.</summary>
    public bool HasSmallDisk => _disk is not null;

    public override string Name => "sqlite";

    public override string[] Arguments => ["--data", Data, "--Storage:IndexBatch", IndexBatch];

    protected override Dictionary<string, string?> Settings => new() { ["Storage:DataFolder"] = Data };

    private string Data => Path.Combine(_folder, "data");

    public override Task<IReadOnlyList<Fault>> FaultsAsync() => Task.FromResult<IReadOnlyList<Fault>>(_disk is null ? [] : [new FullDisk(_disk)]);

    public override ValueTask DisposeAsync()
    {
        if (_disk is null)
        {
            Directory.Delete(_folder, recursive: true);
        }

        _disk?.Dispose();
        return default;
    }
}
