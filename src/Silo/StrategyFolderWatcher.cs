using System.Collections.Immutable;
using System.Threading.Channels;
using Decisioning.Gateway;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>
/// Keeps the strategy of a folder in force: published at start, and again whenever its files change. The first load stops the
/// start when it has mistakes; a later one is refused with every mistake in the log, and what is in force stays.
/// </summary>
internal sealed partial class StrategyFolderWatcher(
    StrategyCatalog strategies,
    IOptions<SiloOptions> options,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock,
    ILogger<StrategyFolderWatcher> logger) : BackgroundService
{
    private ImmutableArray<StrategyFile> _seen = [];

    private string Folder => options.Value.StrategyFolder;

    /// <summary>Puts the folder's strategy in force, or without a folder the newest published one.</summary>
    /// <exception cref="StrategyRefusedException">It has mistakes.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (Folder.Length == 0)
        {
            await strategies.RefreshAsync(gateway.Value.Tenant, cancellationToken);
            return;
        }

        await PublishAsync(StrategyFolder.Read(Folder), cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Folder.Length == 0)
        {
            return;
        }

        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watcher = Watch(changed.Writer);
        using var poll = new PeriodicTimer(options.Value.StrategyFolderPollEvery, clock);
        var tick = poll.WaitForNextTickAsync(stoppingToken).AsTask();
        var change = changed.Reader.WaitToReadAsync(stoppingToken).AsTask();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await Task.WhenAny(tick, change) == change)
            {
                await Task.Delay(options.Value.StrategyFolderQuiet, clock, stoppingToken);
                while (changed.Reader.TryRead(out _))
                {
                }

                change = changed.Reader.WaitToReadAsync(stoppingToken).AsTask();
            }
            else
            {
                tick = poll.WaitForNextTickAsync(stoppingToken).AsTask();
            }

            await LookAgainAsync(stoppingToken);
        }
    }

    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            var files = StrategyFolder.Read(Folder);
            if (!files.SequenceEqual(_seen))
            {
                await PublishAsync(files, cancellationToken);
            }
        }
        catch (StrategyRefusedException e)
        {
            LogRefused(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageUnavailableException)
        {
            LogNotRead(Folder, e.Message);
        }
    }

    private async Task PublishAsync(ImmutableArray<StrategyFile> files, CancellationToken cancellationToken)
    {
        var (_, errors) = await strategies.PublishAsync(gateway.Value.Tenant, files, cancellationToken);

        // A refused version is looked at once: its mistakes are said once, until the files change again.
        _seen = files;
        if (!errors.IsEmpty)
        {
            throw new StrategyRefusedException(Folder, [.. errors.Select(error => error.ToString())]);
        }
    }

    private FileSystemWatcher? Watch(ChannelWriter<bool> changed)
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetFullPath(Folder)) { IncludeSubdirectories = true };
            watcher.Changed += (_, _) => changed.TryWrite(true);
            watcher.Created += (_, _) => changed.TryWrite(true);
            watcher.Deleted += (_, _) => changed.TryWrite(true);
            watcher.Renamed += (_, _) => changed.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // The system has no watch left to give: the folder is polled all the same.
            LogNotWatched(Folder, options.Value.StrategyFolderPollEvery, e.Message);
            return null;
        }
    }

    [LoggerMessage(EventId = 410, Level = LogLevel.Error, Message = "{Refusal}\nthe strategy in force stays")]
    private partial void LogRefused(string refusal);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "the strategy in `{Folder}` could not be read or stored now, the one in force stays: {Reason}")]
    private partial void LogNotRead(string folder, string reason);

    [LoggerMessage(EventId = 412, Level = LogLevel.Warning, Message = "`{Folder}` cannot be watched, it is looked at every {Every}: {Reason}")]
    private partial void LogNotWatched(string folder, TimeSpan every, string reason);
}
