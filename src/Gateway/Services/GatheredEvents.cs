using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Services;

/// <summary>
/// Events of one customer that wait for the customer's call under way and are then recorded by one call, at most
/// <see cref="Limits.EventsPerBatchMax"/>. Who brought some of them gets the outcomes of these alone. Safe under the lock of whoever keeps it.
/// </summary>
/// <param name="first">The first of them.</param>
internal sealed class GatheredEvents(RecordRequest first)
{
    private readonly List<RecordRequest> _all = [first];
    private int _count = first.Events.Length;
    private bool _isClosed;

    /// <summary>The one call, set at once.</summary>
    public Task<RecordReply> Whole { get; set; } = null!;

    /// <summary>The answer to the first.</summary>
    public Task<RecordReply> First => PartAsync(0, first.Events.Length);

    /// <summary>Adds events; false when there is no room, or they are recorded already.</summary>
    public bool TryAdd(RecordRequest events, [NotNullWhen(true)] out Task<RecordReply>? reply)
    {
        if (_isClosed || _count + events.Events.Length > Limits.EventsPerBatchMax)
        {
            reply = null;
            return false;
        }

        reply = PartAsync(_count, events.Events.Length);
        _all.Add(events);
        _count += events.Events.Length;
        return true;
    }

    /// <summary>Takes all of them; nothing is added after it.</summary>
    public RecordRequest Close()
    {
        _isClosed = true;
        return _all.Count == 1 ? _all[0] : new(ImmutableArray.CreateRange(_all.SelectMany(static part => part.Events)));
    }

    private async Task<RecordReply> PartAsync(int start, int count)
    {
        var reply = await Whole;
        return reply.Outcomes.Length == count ? reply : new(reply.Sequence, reply.Outcomes.Slice(start, count));
    }
}
