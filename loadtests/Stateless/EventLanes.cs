using System.Threading.Channels;
using Google.Protobuf;
using Npgsql;
using StackExchange.Redis;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Stateless;

/// <summary>
/// Records events: those that wait together go into one transaction, a customer's always through the same lane. PostgreSQL first, then
/// Redis, then the answer.
/// </summary>
internal sealed class EventLanes : IAsyncDisposable
{
    private const int WaitingMax = 4_096;
    private const int TriesMax = 20;
    private readonly Channel<Told>[] _lanes;
    private readonly Task _running;
    private readonly ServicePlan _plan;
    private readonly ServiceDatabase _database;
    private readonly IDatabase _redis;
    private readonly TimeProvider _time;

    /// <param name="plan">The features.</param>
    /// <param name="database">What holds.</param>
    /// <param name="redis">What is read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lanes">Transactions under way at most.</param>
    /// <param name="together">Callers' events in a transaction at most; 1 for each by itself.</param>
    public EventLanes(ServicePlan plan, ServiceDatabase database, IDatabase redis, TimeProvider time, int lanes, int together)
    {
        (_plan, _database, _redis, _time) = (plan, database, redis, time);
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => Channel.CreateBounded<Told>(new BoundedChannelOptions(WaitingMax) { SingleReader = true }))];
        _running = Task.WhenAll(_lanes.Select(lane => Task.Run(() => RunAsync(lane.Reader, together))));
    }

    /// <summary>Records what happened to a customer; answers when it is on the disk and in Redis.</summary>
    public async Task<IReadOnlyList<Api.EventAck>> RecordAsync(string customer, IReadOnlyList<Api.Event> events)
    {
        var told = new Told(customer, events);
        await _lanes[(string.GetHashCode(customer, StringComparison.Ordinal) & int.MaxValue) % _lanes.Length].Writer.WriteAsync(told);
        return await told.Answer.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            lane.Writer.TryComplete();
        }

        await _running;
    }

    private async Task RunAsync(ChannelReader<Told> lane, int together)
    {
        List<Told> batch = [];
        while (await lane.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < together && lane.TryRead(out var told))
            {
                batch.Add(told);
            }

            try
            {
                await RecordAsync(batch, TriesMax);
            }
            catch (Exception e)
            {
                // Whatever it was, the next callers are to be served.
                batch.ForEach(told => told.Answer.TrySetException(e));
            }
        }
    }

    private async Task RecordAsync(List<Told> batch, int triesLeft)
    {
        var now = _time.GetUtcNow();
        var (stored, known) = await _database.ReadAsync(
            [.. batch.Select(told => told.Customer).Distinct()],
            [.. batch.SelectMany(told => told.Events.Select(_ => told.Customer))],
            [.. batch.SelectMany(told => told.Events.Select(e => e.MessageId))]);
        Dictionary<string, Profile> profiles = new(StringComparer.Ordinal);
        List<LoggedEvent> events = [];
        List<List<Api.EventAck>> answers = [];
        foreach (var told in batch)
        {
            if (!profiles.TryGetValue(told.Customer, out var profile))
            {
                profiles.Add(told.Customer, profile = stored.TryGetValue(told.Customer, out var doc) ? _plan.Json.Read(doc) : _plan.Json.Empty());
            }

            answers.Add([.. told.Events.Select(@event => Take(told.Customer, profile, @event, known, events, now))]);
        }

        // A repeat is written to Redis too: the first time may have failed there.
        List<(string Customer, long Version, byte[] Doc)> docs = [.. profiles.Select(profile => (profile.Key, profile.Value.Version, _plan.Json.Write(profile.Value)))];
        if (events.Count > 0)
        {
            try
            {
                await _database.WriteAsync(events, docs);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && triesLeft > 1)
            {
                await RecordAsync(batch, triesLeft - 1);
                return;
            }
        }

        await Task.WhenAll(docs.Select(each => _redis.StringSetAsync(ServiceKeys.Profile(each.Customer), each.Doc, ServiceKeys.Kept)));
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Answer.TrySetResult(answers[i]);
        }
    }

    private Api.EventAck Take(
        string customer, Profile profile, Api.Event @event, Dictionary<(string Customer, string MessageId), long> known, List<LoggedEvent> events, DateTimeOffset now)
    {
        var ack = new Api.EventAck { MessageId = @event.MessageId, Status = Api.EventStatus.Applied };
        if (known.TryGetValue((customer, @event.MessageId), out var version))
        {
            (ack.Status, ack.Sequence) = (Api.EventStatus.Duplicate, version);
            return ack;
        }

        ServiceFold.Apply(_plan, profile, @event, now);
        events.Add(new(customer, profile.Version, @event.MessageId, @event.ToByteArray()));
        known.Add((customer, @event.MessageId), profile.Version);
        ack.Sequence = profile.Version;
        return ack;
    }

    private sealed record Told(string Customer, IReadOnlyList<Api.Event> Events)
    {
        public TaskCompletionSource<IReadOnlyList<Api.EventAck>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
