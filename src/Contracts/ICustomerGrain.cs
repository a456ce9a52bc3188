using Decisioning.Contracts.Messages;
using Decisioning.Engine.Decisions;
using Orleans;
using Orleans.Concurrency;

namespace Decisioning.Contracts;

/// <summary>
/// One identity of a customer, by <see cref="Decisioning.Engine.Customers.CustomerKey"/>: the single writer of its log. One that was linked passes on what
/// it is asked and told to where it moved; such calls go one way only, so that none waits for itself.
/// </summary>
[Alias("decisioning.customer")]
public interface ICustomerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Records a batch of events, each once for ever. Answers after they are durable. Batches that wait for a commit of the customer share the next one; each has an
    /// answer of its own.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached: nothing was acknowledged, repeat later.</exception>
    [Alias("record"), AlwaysInterleave]
    Task<RecordReply> RecordAsync(RecordRequest request, CancellationToken cancellationToken = default);

    /// <summary>Picks the next best actions on the newest committed state; waits for a commit only to reach the sequence asked for.</summary>
    [Alias("decide"), AlwaysInterleave]
    ValueTask<DecideReply> DecideAsync(DecideRequest request, CancellationToken cancellationToken = default);

    /// <summary>Records events and then decides on the state after them.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached: nothing was acknowledged, repeat later.</exception>
    [Alias("record-and-decide"), AlwaysInterleave]
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

    /// <summary>What the identity is linked with: by its state, or where its log is damaged by what can be read of it.</summary>
    /// <exception cref="StoreUnavailableException">The store could not be reached.</exception>
    [Alias("links"), AlwaysInterleave]
    ValueTask<LinksReply> LinksAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a move that is under way without carrying over what is left, as it is to be erased: from here on nothing of this identity is written elsewhere. Nothing
    /// for one that has not moved, whose move is done, or whose log is damaged: that carries nothing over anyway. A link that is under way is waited for: asked for
    /// after this, <see cref="LinksAsync"/> tells where it led.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached: ask again.</exception>
    [Alias("end-move")]
    Task EndMoveAsync(EndMoveRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Erases the identity: from memory at once, then from the store, also where its log is damaged. The next event begins a new customer at sequence 1.
    /// Further identities are erased by calls of their own, before.
    /// </summary>
    /// <returns>What this call deleted; after one that failed half way, the rest. Nothing was deleted when there are <see cref="EraseReply.Unknown"/> identities.</returns>
    /// <exception cref="StoreUnavailableException">The store could not be reached: some of the rows may be there, erase again.</exception>
    [Alias("erase")]
    Task<EraseReply> EraseAsync(EraseIdentityRequest request, CancellationToken cancellationToken = default);

    /// <summary>Who the identity is.</summary>
    [Alias("resolve"), AlwaysInterleave]
    ValueTask<ResolveReply> ResolveAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves the identity to another, with its events, each once whatever fails on the way: asked again, it goes on. One that has moved stays where it is;
    /// what was left to do is done then.
    /// </summary>
    /// <exception cref="StoreUnavailableException">A log could not be reached: ask again.</exception>
    [Alias("link")]
    Task<LinkStatus> LinkAsync(LinkRequest request, CancellationToken cancellationToken = default);

    /// <summary>Has it noted that someone trusted confirms where the identity has moved, over all moves; what was left to do is done then. Nothing for one that has not.</summary>
    /// <exception cref="StoreUnavailableException">A log could not be reached: ask again.</exception>
    [Alias("confirm")]
    Task ConfirmAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives a place to an identity that is about to move here. Called by that identity's grain only.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached: nothing was acknowledged, repeat later.</exception>
    [Alias("announce")]
    Task<AnnounceReply> AnnounceAsync(AnnounceRequest request, CancellationToken cancellationToken = default);

    /// <summary>Records events of an identity that moves here, each once for ever. Called by that identity's grain only.</summary>
    /// <exception cref="StoreUnavailableException">The log could not be reached: nothing was acknowledged, repeat later.</exception>
    [Alias("take-over")]
    Task<RecordReply> TakeOverAsync(TakeOverRequest request, CancellationToken cancellationToken = default);

    /// <summary>Publishes the customer's changes on its stream for the next while; renewed by whoever watches.</summary>
    [Alias("keep-watched"), AlwaysInterleave]
    ValueTask KeepWatchedAsync(TimeSpan lease);
}
