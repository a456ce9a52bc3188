using System.Diagnostics;
using System.Globalization;
using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Targets;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Runs;

/// <summary>Tells an engine what its customers did so far.</summary>
internal static class Seeder
{
    private const int Callers = 16;
    private const int Batch = 250;

    /// <summary>Sends all histories, each customer's in its order.</summary>
    /// <exception cref="LoadException">One was not recorded.</exception>
    public static async Task RunAsync(EngineTarget engine, World world, Action<string> say)
    {
        var (started, sent) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            // A customer stays with its caller.
            var own = Enumerable.Range(0, world.Customers).Where(customer => customer % Callers == caller);
            Interlocked.Add(ref sent, await SendAsync(engine, own.SelectMany(world.History)));
        })));
        var took = Stopwatch.GetElapsedTime(started);
        say(string.Create(CultureInfo.InvariantCulture, $"{world.Customers:N0} customers with {sent:N0} events told to {engine.Name} in {took.TotalSeconds:F1} s, {sent / took.TotalSeconds:N0} events/s"));
    }

    private static async Task<long> SendAsync(EngineTarget engine, IEnumerable<Api.Event> events)
    {
        var sent = 0L;
        foreach (var batch in events.Chunk(Batch))
        {
            var request = new Api.TrackRequest();
            request.Events.AddRange(batch);
            try
            {
                var response = await engine.Events.TrackAsync(request);
                if (response.Acks.FirstOrDefault(ack => ack.Status == Api.EventStatus.Rejected) is { } rejected)
                {
                    throw new LoadException($"{engine.Name} does not take what happened before the load: {rejected.Violations[0].Field}: {rejected.Violations[0].Description}", LoadException.Wrong);
                }
            }
            catch (RpcException e)
            {
                throw new LoadException($"{engine.Name} was lost while it was told what happened before the load: {e.StatusCode}: {e.Status.Detail}");
            }

            sent += batch.Length;
        }

        return sent;
    }
}
