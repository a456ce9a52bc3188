using Decisioning.Tests.Shared;
using Decisioning.V1;
using Grpc.Core;

namespace Decisioning.Silo.Tests;

public sealed class StopTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-silo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_streams_are_told_that_the_engine_stops_and_do_not_hold_it_up()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "strategy.yaml"), TestStrategies.Shop);
        await using var silo = await SiloProcess.ReadyAsync("--data", Path.Combine(_folder.FullName, "data"), "--strategy", _folder.FullName);
        using var channel = silo.Channel();
        using var track = new Events.EventsClient(channel).TrackStream();
        await track.RequestStream.WriteAsync(new TrackStreamRequest
        {
            Events = { new Event { Type = EventType.Track, MessageId = "a", UserId = "ann", Event_ = "Product Viewed" } },
        });
        Assert.True(await track.ResponseStream.MoveNext(default));
        using var watch = new Customers.CustomersClient(channel).Watch(new WatchRequest { Customer = new CustomerIdentity { UserId = "ann" } });
        Assert.True(await watch.ResponseStream.MoveNext(default));

        // A client that lets an answer lie may find the connection gone; these are at their streams, as clients are.
        var told = Task.WhenAll(EndAsync(watch.ResponseStream), EndAsync(track.ResponseStream));
        var stopped = silo.StopAsync();

        Assert.All(await told, reason => Assert.Contains("stopping", reason, StringComparison.Ordinal));
        Assert.Equal(0, await stopped);
    }

    private static async Task<string> EndAsync<T>(IAsyncStreamReader<T> stream)
    {
        var end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.MoveNext(default))
            {
            }
        });
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        return end.Status.Detail;
    }
}
