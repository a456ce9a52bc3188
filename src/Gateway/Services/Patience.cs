using Decisioning.Contracts.Messages;

namespace Decisioning.Gateway.Services;

/// <summary>How long a decision is waited for before what is held is answered, so that its caller's deadline is met.</summary>
/// <param name="AsAsked">How long for the decision as it was asked for.</param>
/// <param name="OnHeld">How long after that for one on the state held; then there is none.</param>
internal readonly record struct Patience(TimeSpan AsAsked, TimeSpan OnHeld)
{
    /// <summary>For a caller that waits so long.</summary>
    /// <param name="left">Until its deadline; null for none.</param>
    /// <param name="margin">What to keep back, at most half of it.</param>
    public static Patience? Of(TimeSpan? left, TimeSpan margin)
    {
        if (left is not { } time)
        {
            return null;
        }

        time = time > TimeSpan.Zero ? time : TimeSpan.Zero;
        var kept = margin < time / 2 ? margin : time / 2;
        return new(time - kept, kept / 2);
    }

    /// <summary>Asks, and where the answer does not come in time, asks for less.</summary>
    /// <param name="clock">What the waits are measured with.</param>
    /// <param name="asAsked">The question as it was put. Cancelled when it is late, so that it counts for nothing.</param>
    /// <param name="onHeld">The question on the state held.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <returns>The answer, and whether it is the lesser one.</returns>
    /// <exception cref="TimeoutException">Not even that came in time.</exception>
    public async ValueTask<(DecideReply Reply, bool IsDegraded)> AskAsync(
        TimeProvider clock,
        Func<CancellationToken, ValueTask<DecideReply>> asAsked,
        Func<CancellationToken, ValueTask<DecideReply>> onHeld,
        CancellationToken cancellationToken) =>
        await TryAsync(asAsked, AsAsked, clock, cancellationToken) is { } full ? (full, false)
            : await TryAsync(onHeld, OnHeld, clock, cancellationToken) is { } lesser ? (lesser, true)
            : throw new TimeoutException("the deadline came before the customer's state");

    private static async ValueTask<DecideReply?> TryAsync(
        Func<CancellationToken, ValueTask<DecideReply>> ask, TimeSpan within, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = ask(end.Token);
        return asked.IsCompleted ? await asked : await WaitAsync(asked.AsTask(), end, within, clock, cancellationToken);
    }

    // A clock is set only for answers that are not there at once: nearly all are.
    private static async ValueTask<DecideReply?> WaitAsync(
        Task<DecideReply> asked, CancellationTokenSource end, TimeSpan within, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(within, clock);
        await using var lateEnds = late.Token.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), end);
        try
        {
            return await asked.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
