using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Commits;

/// <summary>What the stores ask of their writers, and what they say when a queue stays full.</summary>
internal static class WriterCalls
{
    private static readonly AppendResult Busy = new AppendResult.Busy(TimeSpan.FromMilliseconds(500));

    /// <summary>Appends; a queue that stays full is an answer.</summary>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    public static Task<AppendResult> AppendAsync<TBatch>(this GroupWriter<TBatch> writer, Work<TBatch, AppendResult> append, CancellationToken cancellationToken)
    {
        var queued = writer.EnqueueAsync(append, cancellationToken);
        if (!queued.IsCompletedSuccessfully)
        {
            return AnswerAsync(queued, append);
        }

        return queued.Result ? append.Answer : Task.FromResult(Busy);
    }

    /// <summary>Keeps a snapshot.</summary>
    /// <exception cref="ArgumentException">The state is ahead of its log.</exception>
    /// <exception cref="StorageUnavailableException">The store failed or is busy.</exception>
    public static async Task KeepAsync<TBatch>(
        this GroupWriter<TBatch> writer, Work<TBatch, bool> snapshot, CustomerKey customer, CustomerState state, CancellationToken cancellationToken)
    {
        if (!await writer.DoAsync(snapshot, "the snapshot was not kept: the queue is full; the log has everything", cancellationToken).ConfigureAwait(false))
        {
            throw new ArgumentException($"the state of customer `{customer.Mark}` at sequence {state.Sequence} is ahead of its log", nameof(state));
        }
    }

    /// <summary>Moves or removes a due row.</summary>
    /// <exception cref="StorageUnavailableException">The store failed or is busy.</exception>
    public static Task SettleAsync<TBatch>(this GroupWriter<TBatch> writer, Work<TBatch, bool> settle, CancellationToken cancellationToken) =>
        writer.DoAsync(settle, "the due row was not moved: the queue is full", cancellationToken);

    /// <summary>Does something and answers it.</summary>
    /// <param name="writer">Who does it.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="whenFull">What is said when the queue stays full.</param>
    /// <param name="cancellationToken">Ends the wait for a place in the queue.</param>
    /// <exception cref="StorageUnavailableException">The store failed or is busy.</exception>
    public static async Task<T> DoAsync<TBatch, T>(this GroupWriter<TBatch> writer, Work<TBatch, T> work, string whenFull, CancellationToken cancellationToken) =>
        await writer.EnqueueAsync(work, cancellationToken).ConfigureAwait(false)
            ? await work.Answer.ConfigureAwait(false)
            : throw new StorageUnavailableException(whenFull);

    private static async Task<AppendResult> AnswerAsync<TBatch>(ValueTask<bool> queued, Work<TBatch, AppendResult> append) =>
        await queued.ConfigureAwait(false) ? await append.Answer.ConfigureAwait(false) : Busy;
}
