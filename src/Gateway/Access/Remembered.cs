using System.Diagnostics;

namespace Decisioning.Gateway.Access;

/// <summary>
/// An answer that is asked for again and again, and looked up now and then: ahead of time, behind the calls, so that none waits. While
/// it cannot be looked up, the last answer stands.
/// </summary>
/// <param name="look">Looks the answer up.</param>
/// <param name="keepFor">How old an answer may be.</param>
/// <param name="clock">Tells its age.</param>
internal sealed class Remembered<T>(Func<Task<T>> look, TimeSpan keepFor, TimeProvider clock)
{
    /// <summary>How long a call waits for a newer answer when there is an old one.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Held? _held;
    private Task<T>? _looking;
    private int _forgotten;

    /// <summary>The answer. Fails as the look-up does when there has never been one.</summary>
    public ValueTask<T> GetAsync()
    {
        var held = Volatile.Read(ref _held);
        var age = held is null ? TimeSpan.MaxValue : clock.GetElapsedTime(held.At);
        if (age < keepFor / 2)
        {
            return new(held!.Value);
        }

        var looking = Look();
        return age < keepFor ? new(held!.Value)
            : held is null ? new(looking)
            : new(WaitAsync(looking, held));
    }

    /// <summary>Makes the next call look it up.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _held = null;
            _looking = null;
            _forgotten++;
        }
    }

    private Task<T> Look()
    {
        lock (_gate)
        {
            return _looking is { IsCompleted: false } ? _looking : _looking = LookAsync(_forgotten);
        }
    }

    private async Task<T> LookAsync(int forgotten)
    {
        await Task.Yield();
        if (Volatile.Read(ref _held) is not null)
        {
            // Behind the calls: it is no part of the one that happened to begin it, and not to be traced as one.
            Activity.Current = null;
        }

        var at = clock.GetTimestamp();
        var value = await look();
        lock (_gate)
        {
            // What was asked before it was to be forgotten may be the very answer that is no longer so.
            if (forgotten == _forgotten)
            {
                Volatile.Write(ref _held, new Held(value, at));
            }
        }

        return value;
    }

    private async Task<T> WaitAsync(Task<T> looking, Held held)
    {
        try
        {
            return await looking.WaitAsync(WaitMax, clock);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return held.Value;
        }
    }

    private sealed record Held(T Value, long At);
}
