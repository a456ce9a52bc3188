using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Google.Protobuf.Collections;
using Api = Decisioning.V1;

namespace Decisioning.Gateway;

/// <summary>Splits a batch of events by customer, one grain call each, and puts the answers back in the order given.</summary>
internal sealed class CustomerGrains(GrainReferences<ICustomerGrain> grains)
{
    private const string StaysApart = "is not linked: it is another customer's, or this one has as many further identities as a customer may have (64)";

    public ICustomerGrain Of(CustomerKey key) => grains.Of(key.Value);

    /// <summary>Records a customer's events, and links the identities that they name.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="record">The events.</param>
    /// <param name="before">What has to succeed first; null for nothing.</param>
    /// <param name="caller">Who sends them.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<RecordReply> RecordAsync(CustomerKey key, RecordRequest record, Task? before, Caller caller, CancellationToken cancellationToken) => before is null
        ? RecordAsync(key, record, caller, cancellationToken)
        : RecordAfterAsync(before, key, record, caller, cancellationToken);

    private async Task<RecordReply> RecordAfterAsync(Task before, CustomerKey key, RecordRequest record, Caller caller, CancellationToken cancellationToken)
    {
        await before;
        return await RecordAsync(key, record, caller, cancellationToken);
    }

    private Task<RecordReply> RecordAsync(CustomerKey key, RecordRequest record, Caller caller, CancellationToken cancellationToken) => record.Identities.IsEmpty
        ? Of(key).RecordAsync(record, cancellationToken)
        : new IdentityLinks(this, caller, cancellationToken).RecordAsync(key, record);

    /// <summary>Records a batch. Bad events are answered as rejected, the rest goes on.</summary>
    /// <param name="events">As read, in the order given.</param>
    /// <param name="list">The request's field that holds them, for the paths of what the engine refuses.</param>
    /// <param name="record">How to call a customer's grain: at once, or after the customer's earlier calls; in each case after the task given, if there is one.</param>
    /// <param name="response">The response.</param>
    /// <param name="acks">Its list of acknowledgements, to be filled with one for each event, in the order given.</param>
    /// <returns>The response.</returns>
    public static Task<TResponse> RecordAsync<TResponse>(
        IReadOnlyList<ReadEvent> events,
        string list,
        Func<CustomerKey, RecordRequest, Task?, Task<RecordReply>> record,
        TResponse response,
        RepeatedField<Api.EventAck> acks) =>
        events.Count == 1 && events[0] is { Key: { } only, Event: { } single }
            ? AcknowledgeAsync(record(only, Request([single], events[0].Others), null), events[0], list, response, acks)
            : RecordAllAsync(events, list, record, response, acks);

    private static async Task<TResponse> AcknowledgeAsync<TResponse>(
        Task<RecordReply> call, ReadEvent single, string list, TResponse response, RepeatedField<Api.EventAck> acks)
    {
        var reply = await call;
        acks.Capacity = 1;
        acks.Add(Ack(reply.Outcomes[0], single, reply.Unlinked, list, 0));
        return response;
    }

    private static RecordRequest Request(ImmutableArray<CustomerEvent> events, ImmutableArray<CustomerKey> identities) => identities.IsDefaultOrEmpty
        ? new(events)
        : new(events) { Identities = identities, IsLinkFirst = events.Any(static e => e.Type is EventType.Identify or EventType.Alias) };

    private static async Task<TResponse> RecordAllAsync<TResponse>(
        IReadOnlyList<ReadEvent> events,
        string list,
        Func<CustomerKey, RecordRequest, Task?, Task<RecordReply>> record,
        TResponse response,
        RepeatedField<Api.EventAck> acks)
    {
        var all = new Api.EventAck[events.Count];
        var calls = new Dictionary<CustomerKey, (List<int> Places, ImmutableArray<CustomerEvent>.Builder Events)>();
        var others = new Dictionary<CustomerKey, ImmutableArray<CustomerKey>>();
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is not { Key: { } key, Event: { } @event })
            {
                all[i] = AckWriter.Rejected(events[i].MessageId, events[i].Violations);
                continue;
            }

            if (!calls.TryGetValue(key, out var call))
            {
                calls[key] = call = ([], ImmutableArray.CreateBuilder<CustomerEvent>());
            }

            call.Places.Add(i);
            call.Events.Add(@event);
            if (!events[i].Others.IsDefaultOrEmpty)
            {
                others[key] = others.TryGetValue(key, out var named) ? [.. named.Union(events[i].Others)] : events[i].Others;
            }
        }

        // Who is linked by the batch has its own events first: they come before those that say who it is. The others' calls are made at once all
        // the same, and wait: whoever keeps calls in order must know of them before the next batch comes.
        var first = others.Count == 0 ? [] : others.Values.SelectMany(static named => named).Where(calls.ContainsKey).ToHashSet();
        var replies = new List<(List<int> Places, Task<RecordReply> Reply)>(calls.Count);
        Start(first.Contains, null);
        Start(key => !first.Contains(key), replies.Count == 0 ? null : Task.WhenAll(replies.Select(r => r.Reply)));

        // All are awaited before a failure is passed on: no call is left running unobserved.
        await Task.WhenAll(replies.Select(r => r.Reply));
        foreach (var (places, call) in replies)
        {
            var reply = await call;
            for (var i = 0; i < places.Count; i++)
            {
                all[places[i]] = Ack(reply.Outcomes[i], events[places[i]], reply.Unlinked, list, places[i]);
            }
        }

        acks.AddRange(all);
        return response;

        void Start(Func<CustomerKey, bool> isTurn, Task? before)
        {
            foreach (var (key, (places, batch)) in calls)
            {
                if (isTurn(key))
                {
                    replies.Add((places, record(key, Request(batch.ToImmutable(), others.GetValueOrDefault(key)), before)));
                }
            }
        }
    }

    private static Api.EventAck Ack(RecordOutcome outcome, ReadEvent read, ImmutableArray<CustomerKey> unlinked, string list, int place)
    {
        var source = read.Event!;
        var ack = AckWriter.Write(outcome);
        if (!unlinked.IsEmpty && !read.Others.IsDefaultOrEmpty && outcome.Status is not (RecordStatus.Rejected or RecordStatus.Conflict))
        {
            ack.Unlinked = string.Join("; ", read.Others.Where(unlinked.Contains).Select(identity => $"`{identity.Id}` {StaysApart}"));
        }

        for (var i = 0; i < ack.Violations.Count; i++)
        {
            // The engine knows the event only; the caller needs the field of its own request.
            ack.Violations[i].Field = $"{list}[{place}].{FieldOf(ack.Violations[i].Field, source)}";
        }

        return ack;
    }

    private static string FieldOf(string field, CustomerEvent source) => source.Type switch
    {
        EventType.Identify or EventType.Group when field.StartsWith("properties.", StringComparison.Ordinal) => "traits." + field["properties.".Length..],
        EventType.Response when field == "timestamp" => "occurred_at",
        _ => field,
    };
}
