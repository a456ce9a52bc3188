using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Strategies;

/// <summary>
/// The strategies in force in this silo, by tenant: read from memory, loaded from the store, published to it; and the versions before
/// them, for whoever reads what they made.
/// </summary>
public sealed partial class StrategyCatalog(
    IStrategyStore store, TimeProvider clock, IOptions<GrainsOptions> options, ILogger<StrategyCatalog> logger)
{
    private readonly ConcurrentDictionary<string, StrategyHolder> _holders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, long Version), bool> _missing = [];
    private readonly StrategyVersions _versions = new(options.Value.StrategyVersionsMax);

    // One is enough: whoever wakes looks at all tenants.
    private readonly Channel<bool> _swaps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has something to read when a strategy came into force since it was read last.</summary>
    internal ChannelReader<bool> Swaps => _swaps.Reader;

    /// <summary>The tenants whose strategies are held.</summary>
    public IEnumerable<string> Tenants => _holders.Keys;

    /// <summary>Where a tenant's strategy is; the same object for the life of the silo.</summary>
    public StrategyHolder Of(string tenant) => _holders.GetOrAdd(tenant, static name => new(name));

    /// <summary>Loads a tenant's strategy unless one is in force here.</summary>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    public Task EnsureAsync(string tenant, CancellationToken cancellationToken) =>
        Of(tenant).Current is null ? RefreshAsync(tenant, cancellationToken) : Task.CompletedTask;

    /// <summary>Puts the newest version in the store in force, unless it is already.</summary>
    /// <exception cref="StorageUnavailableException">The store failed; what was in force stays.</exception>
    public async Task RefreshAsync(string tenant, CancellationToken cancellationToken)
    {
        var holder = Of(tenant);
        var known = Math.Max(holder.Current?.Version ?? 0, _refused.GetValueOrDefault(tenant));
        if (await store.FindLatestAsync(tenant, newerThan: known, cancellationToken) is not { } stored)
        {
            return;
        }

        var (strategy, errors) = StrategyCompiler.Compile(Source(stored.Files), stored.Version);
        if (strategy is null)
        {
            // A version that another release of the engine accepted: said once, and the one in force stays.
            _refused[tenant] = stored.Version;
            LogRefused(tenant, stored.Version, string.Join(Environment.NewLine, errors));
            return;
        }

        Swap(holder, strategy);
    }

    /// <summary>Checks a strategy, stores it as the next version unless it is the newest already, and puts it in force here.</summary>
    /// <returns>The version in force, or null and every mistake: then nothing changed.</returns>
    /// <exception cref="StorageUnavailableException">The store failed; publishing again is safe.</exception>
    public async Task<(StoredStrategy? Stored, ImmutableArray<Finding> Errors)> PublishAsync(
        string tenant, ImmutableArray<StrategyFile> files, CancellationToken cancellationToken)
    {
        var (strategy, errors) = StrategyCompiler.Compile(Source(files), version: 0);
        return strategy is null ? (null, errors) : (await PublishAsync(tenant, strategy, files, cancellationToken), []);
    }

    /// <summary>The same for whoever has compiled the files already.</summary>
    /// <exception cref="StorageUnavailableException">The store failed; publishing again is safe.</exception>
    internal async Task<StoredStrategy> PublishAsync(string tenant, Strategy strategy, ImmutableArray<StrategyFile> files, CancellationToken cancellationToken)
    {
        var stored = await store.PublishAsync(tenant, strategy.Name, strategy.Hash, files, clock.GetUtcNow(), cancellationToken);
        Swap(Of(tenant), strategy with { Version = stored.Version });
        return stored;
    }

    /// <summary>A version of a tenant's strategy, compiled; null when there is none, or when this release of the engine refuses it.</summary>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    public async ValueTask<Strategy?> FindAsync(string tenant, long version, CancellationToken cancellationToken)
    {
        if (Of(tenant).Current is { } current && current.Version == version)
        {
            return current;
        }

        var name = version.ToString(CultureInfo.InvariantCulture);
        var compiled = await _versions.GetAsync(tenant, name, () => CompileAsync(tenant, version), cancellationToken);
        return compiled?.Strategy;
    }

    /// <summary>
    /// The strategies that events became state with, for <see cref="Folding.Replay(CustomerState, IEnumerable{RecordedEvent}, Func{long, Strategy})"/>.
    /// For a version that is not to be had any more, and where none is known, the one in force stands in; that is said once.
    /// </summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="events">The events.</param>
    /// <param name="inForce">The strategy in force.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    public async ValueTask<Func<long, Strategy>> ForAsync(
        string tenant, ImmutableArray<RecordedEvent> events, Strategy inForce, CancellationToken cancellationToken)
    {
        Dictionary<long, Strategy>? others = null;
        var last = inForce.Version;
        foreach (var recorded in events)
        {
            if (recorded.StrategyVersion == last || recorded.StrategyVersion == 0)
            {
                continue;
            }

            last = recorded.StrategyVersion;
            if (last != inForce.Version && others?.ContainsKey(last) != true)
            {
                (others ??= [])[last] = await FindAsync(tenant, last, cancellationToken) ?? StandIn(tenant, last, inForce);
            }
        }

        return others is null ? _ => inForce : version => others.GetValueOrDefault(version, inForce);
    }

    /// <summary>A strategy that is not published, compiled, or its mistakes.</summary>
    public async ValueTask<StrategyCompilation> TryOutAsync(string tenant, ImmutableArray<StrategyFile> files, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in files.SelectMany(file => new[] { file.Path, file.Text }))
        {
            hash.AppendData(BitConverter.GetBytes(text.Length));
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }

        var name = Convert.ToHexString(hash.GetHashAndReset());
        return (await _versions.GetAsync(
            tenant, name, () => Task.FromResult<StrategyCompilation?>(StrategyCompiler.Compile(Source(files), version: 0)), cancellationToken))!;
    }

    private async Task<StrategyCompilation?> CompileAsync(string tenant, long version) =>
        await store.FindVersionAsync(tenant, version, CancellationToken.None) is { } stored ? StrategyCompiler.Compile(Source(stored.Files), version) : null;

    private Strategy StandIn(string tenant, long version, Strategy inForce)
    {
        if (_missing.TryAdd((tenant, version), true))
        {
            LogMissing(tenant, version, inForce.Version);
        }

        return inForce;
    }

    private static StrategySource Source(ImmutableArray<StrategyFile> files) =>
        new(files.ToImmutableSortedDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal));

    private void Swap(StrategyHolder holder, Strategy strategy)
    {
        if (holder.TrySwap(strategy))
        {
            _swaps.Writer.TryWrite(true);
            LogInForce(holder.Tenant, strategy.Name, strategy.Version, strategy.Hash);
        }
    }

    [LoggerMessage(EventId = 140, Level = LogLevel.Information, Message = "tenant {Tenant}: strategy {Strategy} version {Version} ({Hash}) is in force")]
    private partial void LogInForce(string tenant, string strategy, long version, string hash);

    [LoggerMessage(EventId = 141, Level = LogLevel.Error, Message = "tenant {Tenant}: version {Version} of the strategy cannot be used, the one in force stays:\n{Errors}")]
    private partial void LogRefused(string tenant, long version, string errors);

    [LoggerMessage(EventId = 143, Level = LogLevel.Warning, Message = "tenant {Tenant}: version {Version} of the strategy cannot be had any more; customers it made are loaded with version {InForce} instead")]
    private partial void LogMissing(string tenant, long version, long inForce);
}
