using System.ComponentModel;
using System.Threading.Channels;

namespace Orleans.Runtime;

/// <summary>
/// A call of a method that returns a sequence. The grain's enumeration runs on its own turns, overlapping other requests
/// at its awaits, ahead of the reader by at most <see cref="Ahead"/> items.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class EnumerationCall<T> : GrainCall<Nothing>, IAsyncEnumerable<T>
{
    private const int Ahead = 100;

    private readonly Channel<T> _items = Channel.CreateBounded<T>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop = new();
    private int _begun;

    public abstract IAsyncEnumerable<T> Invoke(object grain);

    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
        {
            throw new InvalidOperationException($"{this} is enumerated twice; call the method again");
        }

        if (!TryLinkToken())
        {
            throw Cancelled();
        }

        Token = _stop.Token;
        AlwaysInterleaves = true;
        Reference.Send(this, inline: false);
        try
        {
            await foreach (var item in _items.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            await _stop.CancelAsync();
        }
    }

    private protected sealed override Task? Start(object grain, out Nothing value)
    {
        value = default;
        return PumpAsync(grain);
    }

    private async Task PumpAsync(object grain)
    {
        try
        {
            await foreach (var item in Invoke(grain).WithCancellation(_stop.Token))
            {
                await _items.Writer.WriteAsync(item, _stop.Token);
            }

            _items.Writer.Complete();
        }
        catch (Exception exception)
        {
            _items.Writer.Complete(exception);
        }
    }

    internal override void Reject(Exception exception)
    {
        _items.Writer.TryComplete(exception);
        base.Reject(exception);
    }
}
