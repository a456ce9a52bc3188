using System.Diagnostics;
using System.Globalization;
using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Targets;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Runs;

/// <summary>Tells the engine what its customers did so far.</summary>
internal static class Seeder
{
    private const int Streams = 8;
    private const int Batch = 250;

    /// <summary>Sends all histories, each customer's in its order.</summary>
    /// <exception cref="LoadException">One was not recorded.</exception>
    public static async Task RunAsync(EngineTarget engine, World world, Action<string> say)
    {
        var (started, sent) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => Task.Run(async () =>
        {
            // A customer stays on its stream.
            var own = Enumerable.Range(0, world.Customers).Where(customer => customer % Streams == stream);
            Interlocked.Add(ref sent, await SendAsync(engine, own.SelectMany(world.History)));
        })));
        var took = Stopwatch.GetElapsedTime(started);
        say(string.Create(CultureInfo.InvariantCulture, $"{world.Customers:N0} customers with {sent:N0} events told in {took.TotalSeconds:F1} s, {sent / took.TotalSeconds:N0} events/s"));
    }

    private static async Task<long> SendAsync(EngineTarget engine, IEnumerable<Api.Event> events)
    {
        using var call = engine.Events.TrackStream();
        var reading = ReadAsync(call.ResponseStream);
        try
        {
            foreach (var batch in events.Chunk(Batch))
            {
                var request = new Api.TrackStreamRequest();
                request.Events.AddRange(batch);
                await call.RequestStream.WriteAsync(request);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The reading side says what became of the stream.
        }

        return await reading;
    }

    private static async Task<long> ReadAsync(IAsyncStreamReader<Api.TrackStreamResponse> answers)
    {
        var read = 0L;
        try
        {
            while (await answers.MoveNext(CancellationToken.None))
            {
                foreach (var ack in answers.Current.Acks)
                {
                    read++;
                    if (ack.Status == Api.EventStatus.Rejected)
                    {
                        throw new LoadException($"the engine does not take what happened before the load: {ack.Violations[0].Field}: {ack.Violations[0].Description}", LoadException.Wrong);
                    }
                }
            }
        }
        catch (RpcException e)
        {
            throw new LoadException($"the engine was lost while it was told what happened before the load: {e.StatusCode}: {e.Status.Detail}");
        }

        return read;
    }
}
