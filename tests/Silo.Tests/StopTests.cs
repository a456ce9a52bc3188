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

        var watchEnd = EndAsync(watch.ResponseStream);
        var trackEnd = EndAsync(track.ResponseStream);
        var stopped = silo.StopAsync();

        var (watched, tracked) = (await watchEnd, await trackEnd);
        Assert.True(Says(watched, StatusCode.Unavailable, "stopping"), $"{watched}");

        // While the caller's side of a stream is open, the real client drops an end that it has not read when the connection closes.
        Assert.True(Says(tracked, StatusCode.Unavailable, "stopping") || Says(tracked, StatusCode.Internal, "server closed the connection"), $"{tracked}");
        Assert.Equal(0, await stopped);
    }

    private static bool Says(Status status, StatusCode code, string part) =>
        status.StatusCode == code && status.Detail.Contains(part, StringComparison.Ordinal);

    private static async Task<Status> EndAsync<T>(IAsyncStreamReader<T> stream)
    {
        var end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.MoveNext(default))
            {
            }
        });
        return end.Status;
    }
}
