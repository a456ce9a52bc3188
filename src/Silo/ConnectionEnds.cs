using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Decisioning.Silo;

/// <summary>
/// Ends a connection whose other side has left, also when one of its calls does not end: of a connection that is cut because it floods us
/// with streams, Kestrel loses some of them, and would count it among those open for ever. Ten thousand of these would let nobody in.
/// </summary>
internal static class ConnectionEnds
{
    // A call may still write to the log when its caller has left; nothing in the engine takes longer than half of this.
    private static readonly TimeSpan CallsMax = TimeSpan.FromSeconds(60);

    public static void UseConnectionEnds(this ListenOptions listen, TimeProvider clock) =>
        listen.Use(next => connection => EndAsync(next(connection), connection, clock));

    private static async Task EndAsync(Task calls, ConnectionContext connection, TimeProvider clock)
    {
        if (!calls.IsCompleted)
        {
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = connection.ConnectionClosed.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), left);
            if (await Task.WhenAny(calls, left.Task) == left.Task)
            {
                await WaitAsync(calls, clock);
                return;
            }
        }

        await calls;
    }

    private static async Task WaitAsync(Task calls, TimeProvider clock)
    {
        try
        {
            await calls.WaitAsync(CallsMax, clock);
        }
        catch (TimeoutException) when (!calls.IsCompleted)
        {
            // Nothing will end them any more.
        }
    }
}
