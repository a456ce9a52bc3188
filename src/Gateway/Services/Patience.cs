using Decisioning.Contracts.Messages;

namespace Decisioning.Gateway.Services;

/// <summary>How long a decision is waited for before what is held is answered, so that its caller's deadline is met.</summary>
/// <param name="AsAsked">How long for the decision as it was asked for.</param>
/// <param name="OnHeld">How long after that for one on the state held; then there is none.</param>
internal readonly record struct Patience(TimeSpan AsAsked, TimeSpan OnHeld)
{
    // gRPC takes deadlines of three years, of which clocks cannot tell more than 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>For a caller that waits so long.</summary>
    /// <param name="left">Until its deadline; null for none, and more than a day is taken for none.</param>
    /// <param name="margin">What to keep back, at most half of it.</param>
    public static Patience? Of(TimeSpan? left, TimeSpan margin)
    {
        if (left is not { } time || time > Longest)
        {
            return null;
        }

        time = time > TimeSpan.Zero ? time : TimeSpan.Zero;
        var kept = margin < time / 2 ? margin : time / 2;
        return new(time - kept, kept / 2);
    }

    /// <summary>Asks, and where the answer does not come in time, asks for less.</summary>
    /// <param name="clock">What the waits are measured with.</param>
    /// <param name="asAsked">The question as it was put. Cancelled when it is late, so that it counts for nothing; it must end then.</param>
    /// <param name="onHeld">The question on the state held; it too must end when cancelled.</param>
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

    // Mostly the answer is not there at once, and comes long before it is late: one source of cancellation and its clock are all that is made for it.
    private static async ValueTask<DecideReply?> TryAsync(
        Func<CancellationToken, ValueTask<DecideReply>> ask, TimeSpan within, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var gone = cancellationToken.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), end);
        var asked = ask(end.Token);
        if (!asked.IsCompleted)
        {
            end.CancelAfter(within);
        }

        try
        {
            return await asked;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
