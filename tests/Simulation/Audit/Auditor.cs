using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Storage;
using Decisioning.Storage.Codecs;

namespace Decisioning.Simulation.Tests.Audit;

/// <summary>Compares what a store holds with what was said.</summary>
/// <param name="ledger">What was said.</param>
/// <param name="findings">Where what is wrong goes.</param>
/// <param name="strategy">The strategy the engine ran.</param>
internal sealed class Auditor(Ledger ledger, Findings findings, Strategy strategy)
{
    /// <summary>Customers looked at.</summary>
    public int Customers { get; private set; }

    /// <summary>Events in the logs.</summary>
    public long Events { get; private set; }

    /// <summary>Events that the engine made itself, because time passed.</summary>
    public long Wakes { get; private set; }

    /// <summary>Events that the engine made itself, because an event named another identity of its customer.</summary>
    public long Links { get; private set; }

    /// <summary>Events of devices that are in their owners' logs.</summary>
    public long CarriedOver { get; private set; }

    /// <summary>Decisions answered that are not in the log.</summary>
    public long DecisionsNotRecorded { get; private set; }

    /// <summary>How long before the kill that took them with it those were answered, at most; <see cref="TimeSpan.MaxValue"/> where there was no kill.</summary>
    public TimeSpan LossWindow { get; private set; }

    /// <summary>Looks at every customer.</summary>
    public async Task AuditAsync(ICustomerLog log, IDecisionLog decisions, CancellationToken cancellationToken = default)
    {
        var devices = ledger.Accounts.Where(account => account.Value.Owner is not null).ToLookup(account => account.Value.Owner!.Value);
        foreach (var (key, account) in ledger.Accounts)
        {
            Customers++;
            var events = await ReadAsync(log, key, cancellationToken);
            Events += events.Length;
            var found = ById(key, events);
            Foreign(key, account, [.. devices[key]], events);
            if (account.Owner is null)
            {
                Compare(key, account, found);
                foreach (var (device, said) in devices[key])
                {
                    CompareDevice(device, said, ById(device, await ReadAsync(log, device, cancellationToken)), found);
                }
            }

            await FoldAsync(log, key, events, cancellationToken);
            await DecisionsAsync(decisions, key, account, cancellationToken);
        }
    }

    private async Task<ImmutableArray<RecordedEvent>> ReadAsync(ICustomerLog log, CustomerKey key, CancellationToken cancellationToken)
    {
        try
        {
            return (await log.LoadLogAsync(key, cancellationToken)).Tail;
        }
        catch (StorageUnavailableException e)
        {
            findings.Add(Finding.Misnumbered, $"{key}: {e.Message}");
            return [];
        }
    }

    private Dictionary<string, RecordedEvent> ById(CustomerKey key, ImmutableArray<RecordedEvent> events)
    {
        var found = new Dictionary<string, RecordedEvent>(StringComparer.Ordinal);
        for (var i = 0; i < events.Length; i++)
        {
            var (recorded, id) = (events[i], events[i].Event.MessageId);
            if (recorded.Sequence != i + 1)
            {
                findings.Add(Finding.Misnumbered, $"{key}: place {i + 1} of the log holds sequence {recorded.Sequence}");
            }

            if (!found.TryAdd(id, recorded))
            {
                findings.Add(Finding.Doubled, $"{key} {id} is in the log as {found[id].Sequence} and as {recorded.Sequence}");
            }
        }

        return found;
    }

    private void Foreign(CustomerKey key, Ledger.Account account, KeyValuePair<CustomerKey, Ledger.Account>[] devices, ImmutableArray<RecordedEvent> events)
    {
        foreach (var recorded in events)
        {
            var id = recorded.Event.MessageId;
            if (recorded.Event.Type == EventType.Wake)
            {
                Wakes++;
            }
            else if (recorded.Event.Type == EventType.Link && (account.Owner is not null || LoadCustomer.IsDeviceOf(key, LinkedOf(recorded.Event))))
            {
                Links++;
            }
            else if (Array.Exists(devices, device => IsAcknowledged(device.Value, id)))
            {
                CarriedOver++;
            }
            else if (!IsAcknowledged(account, id))
            {
                findings.Add(Finding.Foreign, $"{key} {id} is in the log as {recorded.Sequence} and was never acknowledged");
            }
        }
    }

    private void Compare(CustomerKey key, Ledger.Account account, Dictionary<string, RecordedEvent> found)
    {
        foreach (var (id, entry) in account.Entries)
        {
            if (Held(key, id, entry, found.GetValueOrDefault(id)) is { } recorded && recorded.Sequence != entry.Sequence)
            {
                findings.Add(Finding.Misnumbered, $"{key} {id} was acknowledged as {entry.Sequence} and is in the log as {recorded.Sequence}");
            }
        }
    }

    // What a device sent is in its owner's log once the device has been carried over, and else in either.
    private void CompareDevice(CustomerKey key, Ledger.Account account, Dictionary<string, RecordedEvent> own, Dictionary<string, RecordedEvent> owners)
    {
        var isCarriedOver = own.Values.Any(recorded => recorded.Event.Name == EventNames.IdentityCarriedOver);
        foreach (var (id, entry) in account.Entries)
        {
            Held(key, id, entry, owners.GetValueOrDefault(id) ?? (isCarriedOver ? null : own.GetValueOrDefault(id)));
        }
    }

    /// <returns>The event, where it was acknowledged and is there.</returns>
    private RecordedEvent? Held(CustomerKey key, string id, Ledger.Entry entry, RecordedEvent? recorded)
    {
        if (entry.Winner is not { } winner)
        {
            return null;
        }

        if (recorded is null)
        {
            findings.Add(Finding.Lost, $"{key} {id} was acknowledged as {entry.Sequence}");
        }
        else if (VariantOf(recorded.Event) is { } variant && variant != winner)
        {
            findings.Add(Finding.Lost, $"{key} {id} was acknowledged with contents {winner}, the log holds contents {variant}");
            return null;
        }

        return recorded;
    }

    private static bool IsAcknowledged(Ledger.Account account, string id) => account.Entries.TryGetValue(id, out var entry) && entry.Winner is not null;

    private async Task FoldAsync(ICustomerLog log, CustomerKey key, ImmutableArray<RecordedEvent> events, CancellationToken cancellationToken)
    {
        var folded = Folding.Replay(CustomerState.Empty, events, strategy);
        var history = await log.LoadAsync(key, DateTimeOffset.UnixEpoch, cancellationToken);
        var held = Folding.Replay(history.Snapshot ?? CustomerState.Empty, history.Tail, strategy);
        if (!StateCodec.Write(folded).Equals(StateCodec.Write(held)))
        {
            findings.Add(Finding.Differing, $"{key}: the state from snapshot {history.Snapshot?.Sequence ?? 0} and {history.Tail.Length} events is not the fold of all {events.Length}");
        }
    }

    private async Task DecisionsAsync(IDecisionLog decisions, CustomerKey key, Ledger.Account account, CancellationToken cancellationToken)
    {
        var recorded = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var record in decisions.ReadAsync(key, cancellationToken))
        {
            recorded.Add(record.Decision.DecisionId);
        }

        foreach (var (id, (answeredAt, life)) in account.Decisions)
        {
            if (!recorded.Contains(id))
            {
                DecisionsNotRecorded++;
                var window = life.KilledAt == 0 ? TimeSpan.MaxValue : Stopwatch.GetElapsedTime(answeredAt, life.KilledAt);
                LossWindow = window > LossWindow ? window : LossWindow;
            }
        }
    }

    private static string? LinkedOf(CustomerEvent e) => e.Properties.TryGet("identity", out var value) ? value.AsString() : null;

    private static int? VariantOf(CustomerEvent e) =>
        e.Properties.TryGet(Intent.VariantProperty, out var value) && value.TryInt(out var variant) ? (int)variant : null;
}
