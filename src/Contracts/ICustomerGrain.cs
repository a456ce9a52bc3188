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

    /// <summary>Publishes the customer's changes on its stream for the next while; renewed by whoever watches.</summary>
    [Alias("keep-watched"), AlwaysInterleave]
    ValueTask KeepWatchedAsync(TimeSpan lease);
}
