using Decisioning.Contracts.Messages;
using Decisioning.Engine.Decisions;
using Orleans;
using Orleans.Concurrency;

namespace Decisioning.Contracts;

/// <summary>One customer, by <see cref="Decisioning.Engine.Customers.CustomerKey"/>: the single writer of its log.</summary>
[Alias("decisioning.customer")]
public interface ICustomerGrain : IGrainWithStringKey
{
    /// <summary>Records a batch of events, each once for ever. Answers after they are durable.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached: nothing was acknowledged, repeat later.</exception>
    [Alias("record")]
    Task<RecordReply> RecordAsync(RecordRequest request, CancellationToken cancellationToken = default);

    /// <summary>Picks the next best actions on the newest committed state; waits for a commit only to reach the sequence asked for.</summary>
    [Alias("decide"), AlwaysInterleave]
    ValueTask<DecideReply> DecideAsync(DecideRequest request, CancellationToken cancellationToken = default);

    /// <summary>Records events and then decides on the state after them.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached: nothing was acknowledged, repeat later.</exception>
    [Alias("record-and-decide")]
    Task<RecordAndDecideReply> RecordAndDecideAsync(RecordRequest record, DecideRequest decide, CancellationToken cancellationToken = default);

    /// <summary>What is known of the customer now.</summary>
    [Alias("view"), AlwaysInterleave]
    ValueTask<ViewReply> ViewAsync(ViewRequest request, CancellationToken cancellationToken = default);

    /// <summary>Records what time alone brought about until now, each instant once for ever, and has the customer's due row say when to look next.</summary>
    /// <param name="seen">Where the due row was seen to stand.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many events were recorded; 0 when nothing was due.</returns>
    /// <exception cref="StoreUnavailableException">The log could not be reached: wake the customer again later.</exception>
    [Alias("wake")]
    Task<int> WakeAsync(DateTimeOffset seen, CancellationToken cancellationToken = default);

    /// <summary>Compares the state held with a fold of the whole log. Changes nothing.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached.</exception>
    [Alias("verify"), AlwaysInterleave]
    Task<VerifyReply> VerifyAsync(CancellationToken cancellationToken = default);

    /// <summary>Erases the customer: from memory at once, then from the store. The next event begins a new customer at sequence 1.</summary>
    /// <returns>What this call deleted; after one that failed half way, the rest.</returns>
    /// <exception cref="StoreUnavailableException">The store could not be reached: some of the rows may be there, erase again.</exception>
    [Alias("erase")]
    Task<EraseReply> EraseAsync(CancellationToken cancellationToken = default);

    /// <summary>Publishes the customer's changes on its stream for the next while; renewed by whoever watches.</summary>
    [Alias("keep-watched"), AlwaysInterleave]
    ValueTask KeepWatchedAsync(TimeSpan lease);
}
