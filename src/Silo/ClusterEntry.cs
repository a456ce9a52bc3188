using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Decisioning.Storage;
using Decisioning.Storage.Postgres;

namespace Decisioning.Silo;

/// <summary>
/// Waits before a silo joins a cluster until each member answers or has been silent for so long that it counts as dead. A silo that
/// joins earlier, as after a power cut of all of them, would be kept waiting for the dead ones for minutes.
/// </summary>
/// <param name="cluster">The settings of the cluster.</param>
/// <param name="storage">Where its members are kept.</param>
/// <param name="clock">Whose time passes between looks.</param>
/// <param name="logger">Where it says that it waits.</param>
internal sealed partial class ClusterEntry(SiloClusterOptions cluster, StorageOptions storage, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits; at most a little longer than a silent silo is waited for.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be reached.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (cluster.Mode == ClusterMode.Single)
        {
            return;
        }

        // A second more than Orleans asks for: its clocks are those of the silos, ours is the database's.
        var silentMax = cluster.SilentMax + TimeSpan.FromSeconds(1);
        var started = clock.GetTimestamp();
        var isSaid = false;
        while (await SilentAsync(silentMax, cancellationToken) is { IsEmpty: false } silent && clock.GetElapsedTime(started) < silentMax + cluster.AliveEvery)
        {
            if (!isSaid)
            {
                LogWaiting(string.Join(", ", silent), silentMax);
                isSaid = true;
            }

            await Task.Delay(BetweenLooks, clock, cancellationToken);
        }
    }

    private async Task<ImmutableArray<IPEndPoint>> SilentAsync(TimeSpan silentMax, CancellationToken cancellationToken)
    {
        var members = await PostgresMembers.AliveAsync(storage.Postgres, cluster.ClusterId, silentMax, cancellationToken);

        // Who had this silo's own address before it is gone.
        var others = members.Where(member => !member.Equals(new IPEndPoint(cluster.Address!, cluster.SiloPort))).ToArray();
        var answers = await Task.WhenAll(others.Select(member => AnswersAsync(member, cancellationToken)));
        return [.. others.Where((_, index) => !answers[index])];
    }

    private async Task<bool> AnswersAsync(IPEndPoint member, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(cluster.ProbeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var socket = new Socket(member.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(member, either.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    [LoggerMessage(
        EventId = 401,
        Level = LogLevel.Information,
        Message = "silos of the cluster do not answer: {Silent}; waiting until they do, or until they have been silent for {SilentMax} and count as dead")]
    private partial void LogWaiting(string silent, TimeSpan silentMax);
}
