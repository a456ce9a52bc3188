using System.Threading.Channels;
using Decisioning.LoadTests.Targets;
using NBomber.Contracts;
using NBomber.CSharp;

namespace Decisioning.LoadTests.Runs;

/// <summary>
/// Calls that callers have open at once where calls come at a rate. A call that is due while all lines are taken waits for one here, and
/// its latency counts from when it was due all the same. Left to gRPC's client, which keeps all of a waiting call and opens a connection
/// for each further hundred, calls that wait take the processor from those that are answered: the caller would measure itself.
/// </summary>
/// <param name="call">A call, of which no two have the same number.</param>
/// <param name="clock">What callers' patience is measured with.</param>
internal sealed class Lines(Func<long, Task<IResponse>> call, TimeProvider clock)
{
    /// <summary>How many there are.</summary>
    public const int Max = 256;

    // What stands in it are the calls on a line.
    private readonly Channel<long> _calls = Channel.CreateBounded<long>(Max);

    /// <summary>Makes a call as soon as there is a line for it; if its caller has gone by then, it counts as one that took too long.</summary>
    public Task<IResponse> CallAsync(long number) => _calls.Writer.TryWrite(number) ? OnLineAsync(number) : LaterAsync(clock.GetTimestamp(), number);

    private async Task<IResponse> LaterAsync(long due, long number)
    {
        await _calls.Writer.WriteAsync(number);
        if (clock.GetElapsedTime(due) < Answers.CallMax)
        {
            return await OnLineAsync(number);
        }

        HangUp();
        return Answers.TooLate;
    }

    private async Task<IResponse> OnLineAsync(long number)
    {
        try
        {
            return await call(number);
        }
        finally
        {
            HangUp();
        }
    }

    private void HangUp() => _calls.Reader.TryRead(out _);
}
