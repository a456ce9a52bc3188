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
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-torture-");

    public override string Name => "sqlite";

    public override string[] Arguments => ["--data", Data, "--Storage:IndexBatch", IndexBatch];

    protected override Dictionary<string, string?> Settings => new() { ["Storage:DataFolder"] = Data };

    private string Data => Path.Combine(_folder.FullName, "data");

    public override ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return default;
    }
}
