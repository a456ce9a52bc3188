using System.Collections.Immutable;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>Plans a write: what to answer to each event, what the log is to keep, and the state once it does.</summary>
public static class Recorder
{
    /// <summary>
    /// Plans the recording of a batch of one customer's events. INVARIANT (idempotent): a message id is applied once; given again
    /// it is a duplicate, or with other contents a conflict. Changes nothing: the caller appends <see cref="Recording.Accepted"/> and
    /// then swaps to <see cref="Recording.Next"/>.
    /// </summary>
    /// <param name="state">The committed state.</param>
    /// <param name="events">The events, in the order to apply them; at most <see cref="Limits.EventsPerBatchMax"/>.</param>
    /// <param name="strategy">The strategy that runs.</param>
    /// <param name="now">The silo's clock: what may not lie in an event's future.</param>
    /// <param name="known">
    /// Message ids that the log holds although the state's window no longer does, with sequence and content hash: what an
    /// append was refused for, or what the log was asked for because the plan without it rejects an event. Null: not asked.
    /// </param>
    /// <param name="hashes">
    /// For events of another log (<see cref="Linking"/>) the content hash that each has there, so that a repeat stays one here. Default: none, they are computed.
    /// </param>
    public static Recording Plan(
        CustomerState state,
        ImmutableArray<CustomerEvent> events,
        Strategy strategy,
        DateTimeOffset now,
        IReadOnlyDictionary<string, (long Sequence, ulong ContentHash)>? known = null,
        ImmutableArray<ulong> hashes = default)
    {
        var outcomes = ImmutableArray.CreateBuilder<RecordOutcome>(events.Length);
        var accepted = ImmutableArray.CreateBuilder<RecordedEvent>(events.Length);
        var changes = ImmutableArray.CreateBuilder<CustomerChange>();
        var batch = events.Length > 1 ? new Dictionary<ulong, (long Sequence, ulong ContentHash)>(events.Length) : null;
        var fold = Fold.Rent(strategy);
        fold.Begin(state, changes);
        for (var i = 0; i < events.Length; i++)
        {
            var e = Normalize(events[i]);
            var (id, hash) = (SeenMessages.HashOf(e.MessageId), hashes.IsDefault ? ContentHash(e) : hashes[i]);
            if (Seen(state, batch, known, e.MessageId, id) is { } seen)
            {
                outcomes.Add(Repeat(e, seen.Sequence, seen.ContentHash == hash));
                continue;
            }

            var violations = EventCheck.Violations(e, strategy, now);
            if (!violations.IsEmpty)
            {
                outcomes.Add(new(e.MessageId, RecordStatus.Rejected, 0, violations));
                continue;
            }

            var recorded = new RecordedEvent(fold.Sequence + 1, hash, Placed(e, strategy), strategy.Version);
            var isLate = fold.Apply(recorded, id);
            accepted.Add(recorded);
            batch?.Add(id, (recorded.Sequence, hash));
            outcomes.Add(new(e.MessageId, isLate ? RecordStatus.LateApplied : RecordStatus.Applied, recorded.Sequence, []));
        }

        var touched = accepted.Count == 0 ? null : fold.Touched;
        var next = fold.End();
        Fold.Return(fold);
        return new(outcomes.MoveToImmutable(), accepted.DrainToImmutable(), next, changes.DrainToImmutable()) { Touched = touched };
    }

    /// <summary>
    /// The hash of what a caller sent: type, name, time, properties, context and response; neither the message id nor when we got it.
    /// An event that happened when we got it came without a time: sent again it gets another, and is a repeat all the same.
    /// </summary>
    public static ulong ContentHash(CustomerEvent e)
    {
        var hash = default(StableHash);
        hash.Add((ulong)e.Type);
        hash.Add(e.Name);
        hash.Add(e.SaidAt is { } said ? said.UtcTicks : e.Timestamp == e.ReceivedAt ? 0 : e.Timestamp.UtcTicks);
        hash.Add(e.Properties);
        hash.Add(e.Context);
        if (e.Response is { } response)
        {
            hash.Add(response.DecisionId);
            hash.Add(response.Issue);
            hash.Add(response.Group);
            hash.Add(response.Action);
            hash.Add(response.Treatment);
            hash.Add(response.Channel);
            hash.Add(response.Placement);
            hash.Add((ulong)response.Outcome);
            hash.Add((ulong)response.Behaviour);
            hash.Add(Value.Of(response.Reward));
        }

        return hash.Finish();
    }

    // What the log keeps: instants in whole microseconds UTC (what a store can hold), a name, and a response's contents as properties too.
    private static CustomerEvent Normalize(CustomerEvent e)
    {
        var name = e.Name.Length > 0 ? e.Name : NameOf(e.Type);
        var (timestamp, received) = (Cut(e.Timestamp), Cut(e.ReceivedAt));
        var properties = e.Response is { } response ? e.Properties.Merge(PropertiesOf(response)) : e.Properties;
        return timestamp.EqualsExact(e.Timestamp) && received.EqualsExact(e.ReceivedAt) && ReferenceEquals(name, e.Name) && ReferenceEquals(properties, e.Properties)
            ? e
            : e with { Name = name, Timestamp = timestamp, ReceivedAt = received, Properties = properties };
    }

    // Whoever answers without a token knows the action by name; issue and group are the strategy's to say. What was sent is hashed
    // before, so that a repeat stays one when the action has moved.
    private static CustomerEvent Placed(CustomerEvent e, Strategy strategy)
    {
        if (e.Response is not { Issue: "", Group: "" } response || strategy.FindAction(response.Action) is not { } action)
        {
            return e;
        }

        var placed = response with { Issue = action.Issue, Group = action.Group };
        return e with { Response = placed, Properties = e.Properties.Merge(PropertiesOf(placed)) };
    }

    private static DateTimeOffset Cut(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static string NameOf(EventType type) => type switch
    {
        EventType.Page => EventNames.PageViewed,
        EventType.Screen => EventNames.ScreenViewed,
        EventType.Identify => EventNames.Identified,
        EventType.Group => EventNames.Grouped,
        EventType.Alias => EventNames.Aliased,
        EventType.Response => EventNames.ResponseCaptured,
        EventType.Wake => EventNames.TimePassed,
        _ => "",
    };

    private static PropertyMap PropertiesOf(ActionResponse response) => PropertyMap.Of(
        ("action", Value.Of(response.Action)),
        ("behaviour", Value.Of(response.Behaviour.ToString().ToUpperInvariant())),
        ("channel", Value.Of(response.Channel)),
        ("group", Value.Of(response.Group)),
        ("issue", Value.Of(response.Issue)),
        ("outcome", Value.Of(OutcomeName(response.Outcome))),
        ("placement", Value.Of(response.Placement)),
        ("reward", Value.Of(response.Reward)),
        ("treatment", Value.Of(response.Treatment)));

    private static string OutcomeName(Outcome outcome) => outcome == Outcome.NoResponse ? "NO_RESPONSE" : outcome.ToString().ToUpperInvariant();

    private static (long Sequence, ulong ContentHash)? Seen(
        CustomerState state,
        Dictionary<ulong, (long Sequence, ulong ContentHash)>? batch,
        IReadOnlyDictionary<string, (long Sequence, ulong ContentHash)>? known,
        string messageId,
        ulong id)
    {
        if (batch is not null && batch.TryGetValue(id, out var inBatch))
        {
            return inBatch;
        }

        if (state.Seen.Find(id) is >= 0 and var at)
        {
            // Every applied event has its place in the window, so places count back from the newest sequence.
            return (state.Sequence - (state.Seen.Count - 1 - at), state.Seen[at].ContentHash);
        }

        return known is not null && known.TryGetValue(messageId, out var inLog) ? inLog : null;
    }

    private static RecordOutcome Repeat(CustomerEvent e, long sequence, bool isSame) => isSame
        ? new(e.MessageId, RecordStatus.Duplicate, sequence, [])
        : new(e.MessageId, RecordStatus.Conflict, sequence, [new("message_id", $"`{e.MessageId}` was recorded before with other contents", "give every event an id of its own, and repeat an event unchanged")]);
}
